package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.Stage;
import dev.quern.ir.Statement;
import dev.quern.ir.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes the same thing once.
 *
 * <pre>
 * %a = matmul %x, @w        %a = matmul %x, @w
 * %b = matmul %x, @w   →    uses of %b become %a
 * </pre>
 *
 * <p>Operations are records, so the same thing is an equal operation on equal values.
 *
 * <p>When not: at the later stages, where two values with equal contents may each be overwritten in place. Writes to a
 * state need no exception: a write names the version of the state that it overwrites, and a version is written once, so
 * no two writes are equal.
 */
public final class EliminateCommonSubexpressions implements Pass {
    @Override
    public String name() {
        return "eliminate-common-subexpressions";
    }

    @Override
    public Module run(Module module, PassReport report) {
        return module.stage() == Stage.TENSOR ? Functions.each(module, f -> eliminate(f, report)) : module;
    }

    private Function eliminate(Function function, PassReport report) {
        Rewriter rewriter = new Rewriter(function);
        Map<Op, List<Value>> known = new HashMap<>();
        for (Statement statement : function.body()) {
            Op op = statement.op().map(rewriter::now);
            List<Value> before = known.get(op);
            if (before == null) {
                rewriter.add(statement);
                known.put(op, statement.results());
                continue;
            }
            for (int index = 0; index < before.size(); index++) {
                rewriter.replace(statement.results().get(index), before.get(index));
            }
            Value first = before.getFirst();
            report.done(
                    name(),
                    Functions.where(function, statement.results().getFirst()),
                    "It is computed already, as " + first + ".");
        }
        return rewriter.build();
    }
}
