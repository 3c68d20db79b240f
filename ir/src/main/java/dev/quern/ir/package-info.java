/**
 * The intermediate representation: what a model computes, as a typed, immutable, ordered graph.
 *
 * <p>A {@link dev.quern.ir.Module} declares symbols and weights and holds functions; a {@link dev.quern.ir.Function} is
 * a list of {@link dev.quern.ir.Statement}s in single static assignment, each an {@link dev.quern.ir.Op} with the
 * values that it defines. The same graph serves three stages ({@link dev.quern.ir.Stage}): mathematics
 * ({@code tensor}), named kernels ({@code dispatch}) and offsets ({@code plan}).
 *
 * <p>Nothing here changes in place: a pass rebuilds the function. Equality of operations is therefore plain
 * {@code equals}, and order is the order of the list. The package knows nothing of GGUF, of WGSL or of a device.
 */
@NullMarked
package dev.quern.ir;

import org.jspecify.annotations.NullMarked;
