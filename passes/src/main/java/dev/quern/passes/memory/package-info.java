/**
 * Where every value lies: {@link dev.quern.passes.memory.MemoryPlanner} gives each intermediate value of a function an
 * offset in one arena, so that two values that live at the same time never share a byte, and says with a
 * {@link dev.quern.passes.memory.Certificate} how far the arena is from the least that any plan could need.
 *
 * <p>{@link dev.quern.passes.memory.Arena} is the algorithm and knows only sizes and lifetimes.
 */
@NullMarked
package dev.quern.passes.memory;

import org.jspecify.annotations.NullMarked;
