/**
 * Runs a compiled plan: the executor over the small {@link dev.quern.runtime.Gpu} interface, and the generation session above it. The same
 * code serves every host; what differs is the {@code Gpu}.
 */
@NullMarked
package dev.quern.runtime;

import org.jspecify.annotations.NullMarked;
