package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Columns;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.MatMul;
import dev.quern.ir.TensorOp.RmsNorm;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes a function of a product's elements where the product is finished, so that only its result is written.
 *
 * <pre>
 * %m = matmul %x, @w
 * %y = map (%h + %m)              →    %y = linear %x, @w {finish = (%h + #0)}
 *
 * %m = matmul %x, @gate_up
 * %g = columns %m {first half}
 * %u = columns %m {second half}
 * %y = map (silu(%g) * %u)        →    %y = linear %x, @gate_up {parts = 2, finish = (silu(#0) * #1)}
 * </pre>
 *
 * <p>So it is with a norm that has no product to go into: {@code %y = map (%h + %n)} behind
 * {@code %n = rms_norm %x, @g} becomes {@code %y = rms_norm %x, @g {finish = (%h + #0)}}.
 *
 * <p>Where the function reads several products, the one defined last takes it and reads the others.
 *
 * <p>When not: the product or a part of it, or the norm, has another use and is written anyway; what is read of it are
 * not equal parts of a plain product, two at most; the product is a slice of one; or the function reads more
 * activations than a kernel can bind beside the rest.
 */
public final class FuseFinish implements Pass {
    /** Parts of a product that kernels can bring together in a workgroup. */
    private static final int MOST_PARTS = 2;

    /** A device binds eight buffers at least; weight, input and result are three, vectors may be others. */
    private static final int MOST_VALUES = 4;

    /** What reads a value twice doubles it, so an expression could grow with every function that goes into it. */
    private static final int MOST_LEAVES = 64;

    @Override
    public String name() {
        return "fuse-finish";
    }

    @Override
    public Module run(Module module, PassReport report) {
        return Functions.each(module, function -> fuse(function, report));
    }

    private Function fuse(Function function, PassReport report) {
        Uses uses = new Uses(function);
        Rewriter rewriter = new Rewriter(function);
        for (Statement statement : function.body()) {
            if (!(statement.op() instanceof TensorOp.Map map)) {
                rewriter.add(statement);
                continue;
            }
            String where = Functions.where(function, statement.result());
            List<String> obstacles = new ArrayList<>();
            Optional<Linear> fused = fused(map, uses, obstacles);
            Optional<RmsNorm> norm = fused.isPresent() ? Optional.empty() : normed(map, uses, obstacles);
            if (fused.isPresent()) {
                rewriter.add(statement.results(), fused.get());
                report.done(
                        name(),
                        where,
                        "It is computed where the product with " + fused.get().weight() + " is finished.");
            } else if (norm.isPresent()) {
                rewriter.add(statement.results(), norm.get());
                report.done(name(), where, "It is computed where " + norm.get().x() + " is normalised.");
            } else {
                rewriter.add(statement);
                report.left(
                        name(), where, obstacles.isEmpty() ? "It reads no product and no norm." : obstacles.getFirst());
            }
        }
        return Functions.dropUnused(rewriter.build(), function);
    }

    /** The map as the finish of the last product that it can be the finish of. */
    private static Optional<Linear> fused(TensorOp.Map map, Uses uses, List<String> obstacles) {
        return map.operands().stream()
                .map(operand ->
                        uses.made(operand, Columns.class).map(Columns::x).orElse(operand))
                .distinct()
                .filter(value -> product(value, uses).isPresent())
                .sorted(Comparator.comparingInt(uses::definition).reversed())
                .flatMap(product -> fused(map, product, uses, obstacles).stream())
                .findFirst();
    }

    private static Optional<Linear> fused(TensorOp.Map map, Value value, Uses uses, List<String> obstacles) {
        Linear product = product(value, uses).orElseThrow();
        if (product.slice().isPresent()) {
            obstacles.add("The product " + value + " is written in slices, of which this is one.");
            return Optional.empty();
        }
        Map<Value, Pointwise> inserted = new HashMap<>();
        int parts = product.parts();
        if (map.operands().contains(value)) {
            inserted.put(value, product.finish());
            if (!uses.once(value)) {
                obstacles.add("The product " + value + " has another use.");
                return Optional.empty();
            }
        } else {
            long extent = ((dev.quern.ir.TensorType) map.infer().getFirst()).columns();
            Optional<String> obstacle = parts(map, value, product, extent, uses, inserted);
            if (obstacle.isPresent()) {
                obstacles.add(obstacle.get());
                return Optional.empty();
            }
            parts = Math.toIntExact(value.tensor().columns() / extent);
        }
        Pointwise finish = inserted(map.expression(), inserted);
        Optional<String> tooMuch = tooMuch(finish);
        if (tooMuch.isPresent()) {
            obstacles.add(tooMuch.get());
            return Optional.empty();
        }
        return Optional.of(product.with(parts, finish));
    }

    /** The map as the finish of the last norm that it can be the finish of. */
    private static Optional<RmsNorm> normed(TensorOp.Map map, Uses uses, List<String> obstacles) {
        List<Value> norms = map.operands().stream()
                .filter(operand -> uses.made(operand, RmsNorm.class).isPresent())
                .sorted(Comparator.comparingInt(uses::definition).reversed())
                .toList();
        for (Value value : norms) {
            RmsNorm norm = uses.made(value, RmsNorm.class).orElseThrow();
            Pointwise finish = inserted(map.expression(), Map.of(value, norm.finish()));
            Optional<String> tooMuch = tooMuch(finish);
            if (!uses.once(value)) {
                obstacles.add("The normalised value " + value + " has another use.");
            } else if (tooMuch.isPresent()) {
                obstacles.add(tooMuch.get());
            } else {
                return Optional.of(norm.with(finish));
            }
        }
        return Optional.empty();
    }

    /** Finds which part of the product each operand is; gives what stands in the way. */
    private static Optional<String> parts(
            TensorOp.Map map, Value value, Linear product, long extent, Uses uses, Map<Value, Pointwise> inserted) {
        if (!product.plain()) {
            return Optional.of(value + " is not a plain product with a weight.");
        }
        long parts = value.tensor().columns() / extent;
        for (Value operand : map.operands()) {
            Optional<Columns> columns =
                    uses.made(operand, Columns.class).filter(each -> each.x().equals(value));
            if (columns.isEmpty()) {
                continue;
            }
            long start = columns.get().start();
            if (parts > MOST_PARTS || parts * extent != value.tensor().columns() || start % extent != 0) {
                return Optional.of(operand + " is not a half of the product " + value + ".");
            }
            if (!uses.once(operand)) {
                return Optional.of(operand + ", a part of the product " + value + ", has another use.");
            }
            inserted.put(operand, new Pointwise.Part((int) (start / extent)));
        }
        return uses.of(value).size() == inserted.size()
                ? Optional.empty()
                : Optional.of("The product " + value + " has another use.");
    }

    private static Optional<Linear> product(Value value, Uses uses) {
        return uses.made(value, MatMul.class).map(Linear::of).or(() -> uses.made(value, Linear.class));
    }

    /** The expression with others in place of values. */
    static Pointwise inserted(Pointwise expression, Map<Value, Pointwise> others) {
        return expression.substitute(
                leaf -> leaf instanceof Pointwise.Element element ? others.getOrDefault(element.value(), leaf) : leaf);
    }

    /** Why an expression is more than one kernel should compute. */
    static Optional<String> tooMuch(Pointwise expression) {
        if (expression.values().size() > MOST_VALUES) {
            return Optional.of("Together they would read more than " + MOST_VALUES + " other values.");
        }
        return expression.leaves().size() > MOST_LEAVES
                ? Optional.of("Together they would have more than " + MOST_LEAVES + " operands.")
                : Optional.empty();
    }
}
