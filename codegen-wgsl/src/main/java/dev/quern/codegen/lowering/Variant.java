package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.ir.Binding;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Grid;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.TensorOp;
import java.util.List;
import java.util.Optional;

/**
 * One way to compute an operation.
 *
 * @param kernel how, as data; it tells the variants of an operation apart
 * @param definition the kernel itself
 * @param bindings what it binds, in the order of its slots
 * @param grid how many workgroups it takes
 * @param weights how it wants the weights kept that it binds
 * @param objection why the device cannot run it, a full sentence; empty if it can
 * @param why one would choose it, in full sentences
 */
public record Variant(
        KernelInstance kernel,
        KernelDefinition definition,
        List<Binding> bindings,
        Grid grid,
        List<Kept> weights,
        Optional<String> objection,
        List<String> why) {
    public Variant {
        bindings = List.copyOf(bindings);
        weights = List.copyOf(weights);
        why = List.copyOf(why);
    }

    /** A variant that nothing speaks against. */
    Variant(
            KernelInstance kernel,
            KernelDefinition definition,
            List<Binding> bindings,
            Grid grid,
            List<Kept> weights,
            List<String> why) {
        this(kernel, definition, bindings, grid, weights, Optional.empty(), why);
    }

    /** The same, with what speaks against it. */
    Variant withObjection(String sentence) {
        return new Variant(kernel, definition, bindings, grid, weights, Optional.of(sentence), why);
    }

    /** The operation, computed in this way. */
    public Dispatch dispatch(TensorOp computes) {
        return new Dispatch(computes, kernel, bindings, grid, why);
    }
}
