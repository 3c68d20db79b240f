package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.MatMul;
import dev.quern.ir.TensorOp.Products;
import dev.quern.ir.TensorOp.RmsNorm;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Adds what a post-norm leaves to the stream where the next product reads the stream.
 *
 * <pre>
 * %h1 = rms_norm %y, @post {eps = e, finish = (%h + #0)}
 * %u = linear %h1, @w {norm = @gain, eps = f}
 *
 *   →   %h1, %u = products %y, @w {residual = %h, post_norm = @post, post_eps = e, norm = @gain, eps = f}
 * </pre>
 *
 * <p>Each workgroup of the product reads the whole row anyway; it finds the mean square first, and writes a share of
 * the sum, which later statements read.
 *
 * <p>When not: there are several tokens, whose rows each workgroup would normalise again; something reads the sum
 * before the product, or the product reads it otherwise than as its input; the product has so many rows, as those that
 * give logits, that reading the row twice in all their workgroups costs more than a dispatch; or it would bind too
 * much, or a value twice.
 */
public final class FusePostNorm implements Pass {
    /** Storage buffers that a device binds at least. */
    private static final int MOST_BOUND = 8;

    /** Rows of a product whose workgroups may all compute the sum. */
    private static final long MOST_ROWS = 1 << 16;

    @Override
    public String name() {
        return "fuse-post-norm";
    }

    @Override
    public Module run(Module module, PassReport report) {
        return Functions.each(module, function -> fuse(function, report));
    }

    private Function fuse(Function function, PassReport report) {
        Uses uses = new Uses(function);
        Map<Integer, Integer> sums = new HashMap<>();
        for (int index = 0; index < function.body().size(); index++) {
            Optional<Products.Sum> sum = sum(function.body().get(index).op());
            if (sum.isEmpty()) {
                continue;
            }
            Value value = function.body().get(index).result();
            RmsNorm norm = (RmsNorm) function.body().get(index).op();
            String where = Functions.where(function, value);
            Optional<String> obstacle = obstacle(function, uses, value)
                    .or(() -> twice(
                            norm,
                            products(function.body()
                                            .get(uses.of(value).getFirst())
                                            .op())
                                    .orElseThrow()));
            if (obstacle.isPresent()) {
                report.left(name(), where, obstacle.get());
            } else {
                int user = uses.of(value).getFirst();
                sums.put(user, index);
                report.done(
                        name(),
                        where,
                        "It is computed where "
                                + function.body().get(user).results().getFirst() + " reads it.");
            }
        }
        return sums.isEmpty() ? function : rewritten(function, sums);
    }

    private static Function rewritten(Function function, Map<Integer, Integer> sums) {
        Rewriter rewriter = new Rewriter(function);
        for (int index = 0; index < function.body().size(); index++) {
            Statement statement = function.body().get(index);
            Integer before = sums.get(index);
            if (before != null) {
                Statement added = function.body().get(before);
                Products products = products(statement.op()).orElseThrow();
                List<Value> results = new ArrayList<>(added.results());
                results.addAll(statement.results());
                rewriter.add(
                        results,
                        new Products(
                                ((RmsNorm) added.op()).x(), sum(added.op()), products.norm(), products.products()));
            } else if (!sums.containsValue(index)) {
                rewriter.add(statement);
            }
        }
        return rewriter.build();
    }

    /** Why the first statement that reads a sum cannot compute it. */
    private static Optional<String> obstacle(Function function, Uses uses, Value sum) {
        int user = uses.of(sum).stream().findFirst().orElse(function.body().size());
        Optional<Products> products = user < function.body().size()
                ? products(function.body().get(user).op())
                : Optional.empty();
        if (products.isEmpty() || !products.get().x().equals(sum)) {
            return Optional.of("What reads it first is no product of it.");
        }
        if (products.get().products().stream()
                .anyMatch(each -> each.finish().values().contains(sum))) {
            return Optional.of("The product of it reads it where it is finished, too.");
        }
        if (sum.tensor().rows().max() > 1) {
            return Optional.of("There are several tokens, and each workgroup of the product would normalise their rows"
                    + " again; a dispatch does it once.");
        }
        long rows = products.get().products().stream()
                .mapToLong(each -> each.weight().tensor().rows().max())
                .sum();
        if (rows > MOST_ROWS) {
            return Optional.of("The product of it has " + rows + " rows; so many workgroups would each compute it that"
                    + " a dispatch costs less.");
        }
        return bound(products.get()) > MOST_BOUND
                ? Optional.of("The product of it would bind " + bound(products.get()) + " values; a device binds "
                        + MOST_BOUND + " at least.")
                : Optional.empty();
    }

    /** Whether a kernel would bind a value twice, which it cannot where it writes others. */
    private static Optional<String> twice(RmsNorm norm, Products products) {
        Value residual = sum(norm).orElseThrow().residual();
        boolean read = products.products().stream()
                .anyMatch(each -> each.finish().values().contains(residual));
        return residual.equals(norm.x()) || read
                ? Optional.of("The product of it would read " + residual + " twice.")
                : Optional.empty();
    }

    /** Of each product a weight and a result, or, where gains are no uniforms, their two; input, residual and sum. */
    private static long bound(Products products) {
        int count = products.products().size();
        return 3
                + count
                + Math.max(count, 2)
                + products.products().stream()
                        .mapToLong(each -> each.finish().values().size())
                        .sum();
    }

    /** The sum of a residual and of a whole row that is normalised, if an operation is one. */
    private static Optional<Products.Sum> sum(Op op) {
        return Functions.as(op, RmsNorm.class)
                .filter(norm ->
                        norm.gain().tensor().maxElements() == norm.x().tensor().columns())
                .flatMap(norm -> residual(norm.finish())
                        .map(residual -> new Products.Sum(residual, new Linear.Norm(norm.gain(), norm.epsilon()))));
    }

    /** {@code %h} of {@code %h + #0}. */
    private static Optional<Value> residual(Pointwise finish) {
        return finish
                                instanceof
                                Pointwise.Binary(
                                        Pointwise.Operator operator,
                                        Pointwise.Element(Value residual),
                                        Pointwise right)
                        && operator == Pointwise.Operator.ADD
                        && right.equals(Linear.PLAIN)
                ? Optional.of(residual)
                : Optional.empty();
    }

    /** Products of one input that may be of a sum. */
    private static Optional<Products> products(Op op) {
        return Functions.as(op, MatMul.class)
                .map(Linear::of)
                .or(() -> Functions.as(op, Linear.class))
                .filter(linear -> linear.slice().isEmpty() && linear.weight().kind() == Value.Kind.WEIGHT)
                .map(linear -> new Products(linear.x(), linear.norm(), List.of(Products.Product.of(linear))))
                .or(() -> Functions.as(op, Products.class)
                        .filter(each -> each.sum().isEmpty()));
    }
}
