/**
 * From mathematics to kernels: chooses a kernel for every operation ({@link dev.quern.codegen.SelectKernels}), prints
 * it ({@link dev.quern.codegen.kernel.KernelPrinter}), repacks weights for it ({@link dev.quern.codegen.repack.Repack})
 * and writes the plan ({@link dev.quern.codegen.EmitPlan}).
 */
@NullMarked
package dev.quern.codegen;

import org.jspecify.annotations.NullMarked;
