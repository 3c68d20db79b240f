package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Computes a function of single elements where the next one reads them.
 *
 * <pre>
 * %t = map (0.22 * %o)
 * %y = map (%h + %t)         →    %y = map (%h + 0.22 * %o)
 * </pre>
 *
 * <p>When not: the inner result has another use and is written anyway; or the two together read more values than a
 * kernel can bind beside what else it binds, or would become very long.
 */
public final class FuseMaps implements Pass {
    @Override
    public String name() {
        return "fuse-maps";
    }

    @Override
    public Module run(Module module, PassReport report) {
        return Functions.each(module, function -> fuse(function, report));
    }

    private Function fuse(Function function, PassReport report) {
        Uses uses = new Uses(function);
        Rewriter rewriter = new Rewriter(function);
        Map<Value, Pointwise> expressions = new HashMap<>();
        for (Statement statement : function.body()) {
            if (!(statement.op() instanceof TensorOp.Map map)) {
                rewriter.add(statement);
                continue;
            }
            Pointwise expression = map.expression();
            for (Value inner : map.operands()) {
                Pointwise before = expressions.get(inner);
                // What several read, as they do the stream through the layers, is no part of one of them.
                if (before == null || !uses.once(inner)) {
                    continue;
                }
                String where = Functions.where(function, inner);
                Pointwise together = FuseFinish.inserted(expression, Map.of(inner, before));
                Optional<String> tooMuch = FuseFinish.tooMuch(together);
                if (tooMuch.isPresent()) {
                    report.left(name(), where, tooMuch.get());
                } else {
                    expression = together;
                    report.done(name(), where, "It is computed where " + statement.result() + " is.");
                }
            }
            expressions.put(statement.result(), expression);
            rewriter.add(statement.results(), new TensorOp.Map(expression));
        }
        return Functions.dropUnused(rewriter.build(), function);
    }
}
