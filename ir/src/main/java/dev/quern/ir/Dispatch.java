package dev.quern.ir;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The one operation of the {@code dispatch} stage: a run of a kernel over a grid of workgroups, and the mathematics
 * that it does.
 *
 * <p>Two dispatches are equal if they compute the same thing in the same way; why the kernel was chosen makes no
 * difference.
 *
 * @param computes what the results are
 * @param kernel how they are computed
 * @param bindings what the kernel binds, in the order of its slots; every result is in one of them
 * @param grid workgroups along each axis
 * @param why the kernel was chosen, in full sentences; not part of the text form
 */
public record Dispatch(TensorOp computes, KernelInstance kernel, List<Binding> bindings, Grid grid, List<String> why)
        implements Op {
    public Dispatch {
        bindings = List.copyOf(bindings);
        why = List.copyOf(why);
    }

    /** What the operation reads, then what else the kernel binds, such as a table that is computed beforehand. */
    @Override
    public List<Value> operands() {
        Set<Value> all = new LinkedHashSet<>(computes.operands());
        bindings.forEach(binding -> binding.read().ifPresent(all::add));
        return List.copyOf(all);
    }

    @Override
    public Dispatch map(UnaryOperator<Value> change) {
        List<Binding> changed = new ArrayList<>();
        bindings.forEach(binding -> changed.add(binding.map(change)));
        return new Dispatch(computes.map(change), kernel, changed, grid, why);
    }

    @Override
    public List<Type> infer() {
        return computes.infer();
    }

    /**
     * The slot in which a result is bound.
     *
     * @param result its number, from 0
     */
    public int slotOf(int result) {
        for (int slot = 0; slot < bindings.size(); slot++) {
            if (bindings.get(slot).result().filter(each -> each == result).isPresent()) {
                return slot;
            }
        }
        throw new IllegalArgumentException("result " + result + " is not bound");
    }

    /** The value whose memory a result takes over, if it does. */
    public Optional<Value> takenOver(int result) {
        return bindings.get(slotOf(result)).read();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dispatch that
                && computes.equals(that.computes)
                && kernel.equals(that.kernel)
                && bindings.equals(that.bindings)
                && grid.equals(that.grid);
    }

    @Override
    public int hashCode() {
        return Objects.hash(computes, kernel, bindings, grid);
    }
}
