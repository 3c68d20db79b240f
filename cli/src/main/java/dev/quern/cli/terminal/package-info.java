/**
 * What the command shows while it works: {@link dev.quern.cli.terminal.Terminal} knows whether a person is watching, and
 * {@link dev.quern.cli.terminal.ProgressLine} tells how far a long task is, as a bar that moves or as plain lines.
 */
@NullMarked
package dev.quern.cli.terminal;

import org.jspecify.annotations.NullMarked;
