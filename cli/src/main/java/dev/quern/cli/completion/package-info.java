/** What shells complete of a command line. */
@NullMarked
package dev.quern.cli.completion;

import org.jspecify.annotations.NullMarked;
