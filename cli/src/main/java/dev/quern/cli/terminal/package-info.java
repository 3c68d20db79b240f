/**
 * What the command shows while it works: {@link dev.quern.cli.terminal.Terminal} knows whether a person is watching,
 * and {@link dev.quern.cli.terminal.ProgressLine} tells how far a long task is, as a bar that moves or as plain lines.
 * All that is printed is {@link dev.quern.cli.terminal.Visible}: what comes out of files is shown and does nothing.
 */
@NullMarked
package dev.quern.cli.terminal;

import org.jspecify.annotations.NullMarked;
