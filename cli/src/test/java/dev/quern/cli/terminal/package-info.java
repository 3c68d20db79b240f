/** Tests of what is shown. */
@NullMarked
package dev.quern.cli.terminal;

import org.jspecify.annotations.NullMarked;
