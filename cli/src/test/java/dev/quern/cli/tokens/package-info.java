@NullMarked
package dev.quern.cli.tokens;

import org.jspecify.annotations.NullMarked;
