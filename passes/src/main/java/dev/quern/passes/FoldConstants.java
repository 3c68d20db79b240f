package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Columns;
import dev.quern.ir.TensorOp.Scale;
import dev.quern.ir.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Drops operations that do nothing and joins those whose constants can be computed now.
 *
 * <pre>
 * %b = scale %a {factor = 1}                                uses of %b become %a
 * %b = scale %a {factor = f}, %c = scale %b {factor = g}    %c = scale %a {factor = f * g}
 * %b = columns %a {all of them}                             uses of %b become %a
 * %b = columns %a {start = s}, %c = columns %b {start = t}  %c = columns %a {start = s + t}
 * </pre>
 *
 * <p>When not: two scales stay apart where the product of their factors leaves the range of normal numbers, since the
 * result would then differ by more than rounding.
 */
public final class FoldConstants implements Pass {
    @Override
    public String name() {
        return "fold-constants";
    }

    @Override
    public Module run(Module module, PassReport report) {
        return Functions.each(module, function -> fold(function, report));
    }

    private Function fold(Function function, PassReport report) {
        Rewriter rewriter = new Rewriter(function);
        Map<Value, Op> definitions = new HashMap<>();
        for (Statement statement : function.body()) {
            Op op = statement.op().map(rewriter::now);
            Optional<Value> same = same(op);
            if (same.isPresent()) {
                Value known = same.get();
                rewriter.replace(statement.result(), known);
                report.done(name(), Functions.where(function, statement.result()), "It is " + known + " unchanged.");
                continue;
            }
            Op joined = join(op, definitions, report, function, statement);
            if (!joined.equals(op)) {
                report.done(name(), Functions.where(function, statement.result()), "Two operations became one.");
            }
            rewriter.add(statement.results(), joined);
            statement.results().forEach(result -> definitions.put(result, joined));
        }
        return rewriter.build();
    }

    /** The operand that the operation returns unchanged, if it does nothing else. */
    private static Optional<Value> same(Op op) {
        return switch (op) {
            case Scale scale when scale.factor() == 1 -> Optional.of(scale.x());
            case Columns columns
            when columns.start() == 0
                    && columns.extent() == columns.x().tensor().columns() -> Optional.of(columns.x());
            default -> Optional.empty();
        };
    }

    private Op join(Op op, Map<Value, Op> definitions, PassReport report, Function function, Statement statement) {
        if (op instanceof Columns outer && definitions.get(outer.x()) instanceof Columns inner) {
            return new Columns(inner.x(), Math.addExact(inner.start(), outer.start()), outer.extent());
        }
        if (op instanceof Scale outer && definitions.get(outer.x()) instanceof Scale inner) {
            float product = inner.factor() * outer.factor();
            if (Math.abs(product) >= Float.MIN_NORMAL && Math.abs(product) <= Float.MAX_VALUE) {
                TensorOp joined = new Scale(inner.x(), product);
                return joined;
            }
            report.left(
                    name(),
                    Functions.where(function, statement.result()),
                    "The product of the factors, " + product + ", is no normal number.");
        }
        return op;
    }
}
