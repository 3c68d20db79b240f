/**
 * Small benchmarks with JMH. Nothing here is part of the product or of the tests; the scripts in {@code bench} run them
 * and {@code docs/performance.md} records what came out.
 */
@NullMarked
package dev.quern.bench;

import org.jspecify.annotations.NullMarked;
