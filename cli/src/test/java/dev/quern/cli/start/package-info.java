@NullMarked
package dev.quern.cli.start;

import org.jspecify.annotations.NullMarked;
