package dev.quern.codegen.lowering;

import dev.quern.ir.TensorOp;
import java.util.List;

/** Knows the kernels that compute one kind of operation. */
@FunctionalInterface
interface Lowering<O extends TensorOp> {
    /**
     * The ways to compute an operation, the preferred one first: at least one, and each with another kernel.
     *
     * @throws SelectionException if there is none on any device of the profile
     */
    List<Variant> variants(O op, Setting setting);
}
