/**
 * The command {@code quern}: one class for each subcommand, which says what it takes and calls what does the work.
 *
 * <p>Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted. Results go to standard output, everything else to
 * standard error. Errors are one or a few lines; {@code QUERN_DEBUG=1} adds where they were thrown.
 */
@NullMarked
package dev.quern.cli;

import org.jspecify.annotations.NullMarked;
