/** What the time of a start goes into: {@link dev.quern.cli.start.Shares}. */
@NullMarked
package dev.quern.cli.start;

import org.jspecify.annotations.NullMarked;
