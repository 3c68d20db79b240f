/** Tests of the command as a whole, in this process. */
@NullMarked
package dev.quern.cli;

import org.jspecify.annotations.NullMarked;
