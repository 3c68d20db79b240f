/** Measures how fast a model runs on a device. */
@NullMarked
package dev.quern.cli.bench;

import org.jspecify.annotations.NullMarked;
