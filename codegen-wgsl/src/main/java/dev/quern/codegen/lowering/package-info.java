/**
 * From an operation to kernels, a file for each family of operations: which kernels compute it, how they are written,
 * what they bind, how large their grids are, how they want weights kept, and why one would choose them.
 *
 * <p>A {@link dev.quern.codegen.lowering.Lowering} lists {@link dev.quern.codegen.lowering.Variant}s, the preferred one
 * first; {@link dev.quern.codegen.lowering.Lowerings} knows which lowering an operation has.
 */
@NullMarked
package dev.quern.codegen.lowering;

import org.jspecify.annotations.NullMarked;
