package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.StateType;
import dev.quern.ir.Statement;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Helpers that passes share. */
final class Functions {
    private Functions() {}

    /** Every function rewritten by itself; the same module where none changed. */
    static Module each(Module module, UnaryOperator<Function> change) {
        List<Function> changed = new ArrayList<>();
        module.functions().forEach(function -> changed.add(change.apply(function)));
        return changed.equals(module.functions()) ? module : module.with(module.weights(), changed);
    }

    /** {@code @step, %h}. */
    static String where(Function function, Value value) {
        return "@" + function.name() + ", " + value;
    }

    /** The operation, where it is of this kind. */
    static <T extends Op> Optional<T> as(Op op, Class<T> kind) {
        return op.getClass() == kind ? Optional.of(kind.cast(op)) : Optional.empty();
    }

    /** Drops the statements that lost their last use between two versions of a function; writes to states stay. */
    static Function dropUnused(Function after, Function before) {
        Uses old = new Uses(before);
        Set<Value> live = new HashSet<>(after.results());
        List<Statement> kept = new ArrayList<>();
        for (Statement statement : after.body().reversed()) {
            if (statement.results().stream()
                    .anyMatch(result ->
                            live.contains(result) || old.of(result).isEmpty() || result.type() instanceof StateType)) {
                live.addAll(statement.op().operands());
                kept.add(statement);
            }
        }
        return after.with(kept.reversed(), after.results());
    }
}
