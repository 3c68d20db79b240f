package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.StateType;
import dev.quern.ir.Statement;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Drops statements whose results nobody uses, then weights that no function uses.
 *
 * <pre>
 * %a = matmul %x, @w                  (gone, and so is @w)
 * %b = matmul %x, @v             →    %b = matmul %x, @v
 * return %b                           return %b
 * </pre>
 *
 * <p>When not: a write to a state is never dead, since the next call reads it.
 */
public final class EliminateDeadCode implements Pass {
    @Override
    public String name() {
        return "eliminate-dead-code";
    }

    @Override
    public Module run(Module module, PassReport report) {
        Module changed = Functions.each(module, function -> eliminate(function, report));
        Set<Value> used = new HashSet<>();
        changed.functions().forEach(function -> {
            used.addAll(function.results());
            function.body().forEach(statement -> used.addAll(statement.op().operands()));
        });
        List<Weight> weights = changed.weights().stream()
                .filter(weight -> used.contains(weight.value()))
                .toList();
        for (Weight weight : changed.weights()) {
            if (!used.contains(weight.value())) {
                report.done(name(), "@" + weight.name(), "No function uses this weight.");
            }
        }
        return weights.size() == changed.weights().size() ? changed : changed.with(weights, changed.functions());
    }

    private Function eliminate(Function function, PassReport report) {
        Set<Value> live = new HashSet<>(function.results());
        List<Statement> kept = new ArrayList<>();
        for (Statement statement : function.body().reversed()) {
            if (statement.results().stream()
                    .anyMatch(result -> live.contains(result) || result.type() instanceof StateType)) {
                live.addAll(statement.op().operands());
                kept.add(statement);
            } else {
                report.done(
                        name(), Functions.where(function, statement.results().getFirst()), "Nobody uses the result.");
            }
        }
        return function.with(kept.reversed(), function.results());
    }
}
