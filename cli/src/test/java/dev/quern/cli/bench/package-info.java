@NullMarked
package dev.quern.cli.bench;

import org.jspecify.annotations.NullMarked;
