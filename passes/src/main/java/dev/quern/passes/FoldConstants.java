package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Columns;
import dev.quern.ir.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Drops operations that do nothing and computes what can be computed now.
 *
 * <pre>
 * %b = map (1 * %a)                                         uses of %b become %a
 * %b = map (f * (g * %a))                                   %b = map (f·g * %a)
 * %b = map (f * %a), %c = map (g * %b)                      %c = map (f·g * %a)
 * %b = columns %a {all of them}                             uses of %b become %a
 * %b = columns %a {start = s}, %c = columns %b {start = t}  %c = columns %a {start = s + t}
 * </pre>
 *
 * <p>When not: numbers stay apart where what they give leaves the range of normal numbers, since the result would then
 * differ by more than rounding.
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
            Op op = simpler(statement.op().map(rewriter::now), function, statement, report);
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
            case TensorOp.Map(Pointwise.Element(Value value)) -> Optional.of(value);
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
        if (op instanceof TensorOp.Map map) {
            Optional<Scaled> outer = Scaled.of(map.expression());
            Optional<Scaled> inner = outer.flatMap(scaled -> Optional.ofNullable(definitions.get(scaled.x())))
                    .flatMap(definition -> definition instanceof TensorOp.Map before
                            ? Scaled.of(before.expression())
                            : Optional.empty());
            if (inner.isPresent()) {
                return joined(map, outer.get(), inner.get(), report, Functions.where(function, statement.result()));
            }
        }
        return op;
    }

    private Op joined(TensorOp.Map map, Scaled outer, Scaled inner, PassReport report, String where) {
        float product = inner.factor() * outer.factor();
        if (Constants.isNormal(product)) {
            return new TensorOp.Map(
                    Pointwise.multiply(new Pointwise.Constant(product), new Pointwise.Element(inner.x())));
        }
        report.left(name(), where, "The product of the factors, " + product + ", is no normal number.");
        return map;
    }

    /** {@code factor * %x}. */
    private record Scaled(float factor, Value x) {
        static Optional<Scaled> of(Pointwise expression) {
            return expression
                                    instanceof
                                    Pointwise.Binary(
                                            Pointwise.Operator operator,
                                            Pointwise.Constant(float factor),
                                            Pointwise.Element(Value x))
                            && operator == Pointwise.Operator.MULTIPLY
                    ? Optional.of(new Scaled(factor, x))
                    : Optional.empty();
        }
    }

    private Op simpler(Op op, Function function, Statement statement, PassReport report) {
        Op simpler = switch (op) {
            case TensorOp.Map map -> new TensorOp.Map(Constants.fold(map.expression()));
            case TensorOp.Linear linear -> linear.with(linear.parts(), Constants.fold(linear.finish()));
            default -> op;
        };
        if (!simpler.equals(op) && same(simpler).isEmpty()) {
            report.done(name(), Functions.where(function, statement.result()), "Its numbers were computed.");
        }
        return simpler;
    }
}
