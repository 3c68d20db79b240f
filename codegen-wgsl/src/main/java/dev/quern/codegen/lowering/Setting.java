package dev.quern.codegen.lowering;

import dev.quern.ir.Binding;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.Grid;
import dev.quern.ir.Grid.Extent;
import dev.quern.ir.Module;
import dev.quern.ir.Slice;
import dev.quern.ir.Statement;
import dev.quern.ir.Value;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a lowering knows beside its operation.
 *
 * @param profile the kind of device
 * @param module that the operation stands in
 * @param weights how the module's weights are kept
 * @param spent values that nothing reads after the operation, so that its result may lie where they do
 */
public record Setting(DeviceProfile profile, Module module, KeptWeights weights, Set<Value> spent) {
    /** The setting of a module of which nothing is lowered yet. */
    public static Setting of(Module module, DeviceProfile profile) {
        return new Setting(profile, module, new KeptWeights(module, profile), Set.of());
    }

    /** The setting of one statement of a function. */
    public Setting at(Function function, int index) {
        Statement statement = function.body().get(index);
        boolean seen = statement.results().stream().anyMatch(function.results()::contains);
        Set<Value> spent = new HashSet<>(statement.op().operands());
        function.body()
                .subList(index + 1, function.body().size())
                .forEach(later -> spent.removeAll(later.op().operands()));
        function.results().forEach(spent::remove);
        if (seen) {
            // What the host sees of a function lies in a buffer of its own, and so do parameters, and what has the
            // other parts of a result.
            Set<Value> apart = new HashSet<>(function.parameters());
            Slice.of(statement.op()).flatMap(Slice::others).ifPresent(apart::add);
            spent.retainAll(apart);
        }
        return new Setting(profile, module, weights, Set.copyOf(spent));
    }

    /** The same where nothing may be overwritten. */
    Setting keeping() {
        return new Setting(profile, module, weights, Set.of());
    }

    /**
     * Positions that the states hold.
     *
     * @throws SelectionException if the module has no states
     */
    long positions() {
        long positions = module.positions();
        if (positions == 0) {
            throw new SelectionException("The module rotates heads, but keeps no state of positions.");
        }
        return positions;
    }

    /**
     * The rows of states that hold the last positions only; nothing of such as hold all.
     *
     * @param states all of one number of rows
     */
    Optional<Long> ring(Value... states) {
        long rows = states[0].state().rows().max();
        for (Value state : states) {
            if (state.state().rows().max() != rows) {
                throw new SelectionException("The state " + states[0] + " is " + states[0].type() + " and the state "
                        + state + " is " + state.type() + "; kernels keep as many positions of keys as of values.");
            }
        }
        return rows < module.positions() ? Optional.of(rows) : Optional.empty();
    }

    /** The file that says in which row of a state a position lies. */
    static String positionsOf(Optional<Long> ring) {
        return ring.isPresent() ? "positions/ring" : "positions/all";
    }

    /** What is said of a kernel that does one operation as it stands. */
    List<String> plainly() {
        return List.of("One workgroup of " + profile.lanes()
                + " lanes a row; no pass fused this operation into another, and one kernel fits it.");
    }

    /** A workgroup for each row. */
    static Grid rowGrid(Value x) {
        return Grid.of(new Extent(x.tensor().rows(), 1, 1), Extent.fixed(1), Extent.fixed(1));
    }

    /** Bindings of values that are read. */
    static Binding reads(Value value) {
        return new Binding.Reads(value);
    }

    /** How keys and values are kept, which is the same for both. */
    static Encoding kept(Value keys, Value values) {
        Encoding kept = kept(keys);
        if (!kept(values).equals(kept)) {
            throw new SelectionException("The state " + keys + " is " + keys.type() + " and the state " + values
                    + " is " + values.type() + "; kernels keep keys and values of a layer in one encoding.");
        }
        return kept;
    }

    /** How a state is kept. */
    static Encoding kept(Value state) {
        if (CacheEncoding.named(state.state().encoding().text()).isEmpty()) {
            throw new SelectionException("The state " + state + " is " + state.type()
                    + "; kernels keep keys and values as " + CacheEncoding.choice() + ".");
        }
        int block = state.state().encoding().elements();
        if (state.state().columns() % block != 0) {
            throw new SelectionException("The state " + state + " is " + state.type() + "; its rows of "
                    + state.state().columns() + " columns are no whole blocks of " + block + " elements.");
        }
        if (state.state().columns() % 2 != 0) {
            throw new SelectionException("The state " + state + " is " + state.type()
                    + "; kernels write two elements at a time, so the number of its columns must be even.");
        }
        return state.state().encoding();
    }
}
