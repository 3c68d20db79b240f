@NullMarked
package dev.quern.cli.completion;

import org.jspecify.annotations.NullMarked;
