@NullMarked
package dev.quern.cli.inspect;

import org.jspecify.annotations.NullMarked;
