/**
 * Kernels. The text of a kernel is plain WGSL in resource files; a {@link dev.quern.codegen.kernel.KernelDefinition} is
 * the record of what one instance needs before it: constants, bindings and the files that answer to the functions it
 * calls. One file per encoding serves every matrix kernel: n codecs and m skeletons, never n times m.
 *
 * <p>{@link dev.quern.codegen.kernel.KernelPrinter} and {@link dev.quern.codegen.kernel.PointwisePrinter} are the only
 * Java that spells WGSL.
 */
@NullMarked
package dev.quern.codegen.kernel;

import org.jspecify.annotations.NullMarked;
