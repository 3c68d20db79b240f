package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.MatMul;
import dev.quern.ir.TensorOp.Products;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Computes products of one input side by side, in one operation with a result each.
 *
 * <pre>
 * %qk = linear %x, @qk {norm = @gain, eps = e}
 * %v = linear %x, @v {norm = @gain, eps = e}      →    %qk, %v = products %x, @qk, @v {norm = @gain, eps = e}
 * </pre>
 *
 * <p>So what could not be merged into one weight, since encodings differ, costs no dispatch more. The new statement
 * stands where the last of the products stood.
 *
 * <p>When not: a product is used before the last of them is there, as a gate is by the product that it gates; their
 * inputs are normalised differently; or together they would bind more than a device lets them.
 */
public final class FuseProducts implements Pass {
    /** A device binds eight storage buffers at least, four storage textures among its textures. */
    private static final int MOST_BOUND = 8;

    private static final int MOST_PRODUCTS = 3;

    @Override
    public String name() {
        return "fuse-products";
    }

    @Override
    public Module run(Module module, PassReport report) {
        return Functions.each(module, function -> fuse(function, report));
    }

    /** What products share that can stand side by side. */
    private record Input(Value x, Optional<Linear.Norm> norm) {}

    private Function fuse(Function function, PassReport report) {
        Map<Input, List<Integer>> open = new LinkedHashMap<>();
        Map<Integer, List<Integer>> groups = new HashMap<>();
        Uses uses = new Uses(function);
        for (int index = 0; index < function.body().size(); index++) {
            Optional<Linear> product = product(function.body().get(index).op());
            if (product.isEmpty()) {
                continue;
            }
            Input input = new Input(product.get().x(), product.get().norm());
            List<Integer> before = open.computeIfAbsent(input, _ -> new ArrayList<>());
            if (!before.isEmpty()) {
                Optional<String> obstacle = obstacle(function, uses, before, index);
                if (obstacle.isPresent()) {
                    report.left(name(), Functions.where(function, result(function, index)), obstacle.get());
                    before.clear();
                }
            }
            before.add(index);
            if (before.size() > 1) {
                groups.remove(before.get(before.size() - 2));
                groups.put(index, List.copyOf(before));
            }
        }
        return groups.isEmpty() ? function : rewritten(function, groups, report);
    }

    private Function rewritten(Function function, Map<Integer, List<Integer>> groups, PassReport report) {
        Set<Integer> moved = new HashSet<>();
        groups.values().forEach(moved::addAll);
        Rewriter rewriter = new Rewriter(function);
        for (int index = 0; index < function.body().size(); index++) {
            List<Integer> group = groups.get(index);
            if (group != null) {
                List<Value> results =
                        group.stream().map(each -> result(function, each)).toList();
                Products together = together(function, group);
                rewriter.add(results, together);
                report.done(
                        name(),
                        Functions.where(function, results.getLast()),
                        "It is computed side by side with " + names(results.subList(0, results.size() - 1))
                                + ", of the same input.");
            } else if (!moved.contains(index)) {
                rewriter.add(function.body().get(index));
            }
        }
        return rewriter.build();
    }

    private static Products together(Function function, List<Integer> group) {
        List<Linear> linears = linears(function, group);
        return new Products(
                linears.getFirst().x(),
                linears.getFirst().norm(),
                linears.stream().map(Products.Product::of).toList());
    }

    /** Why a product cannot stand beside those before it of the same input. */
    private static Optional<String> obstacle(Function function, Uses uses, List<Integer> before, int index) {
        for (int other : before) {
            Value result = result(function, other);
            Optional<Integer> early =
                    uses.of(result).stream().filter(user -> user <= index).findFirst();
            if (early.isPresent()) {
                return Optional.of("It does not stand beside " + result + ", a product of the same input, which "
                        + result(function, early.get()) + " reads before.");
            }
        }
        List<Integer> all = new ArrayList<>(before);
        all.add(index);
        if (all.size() > MOST_PRODUCTS) {
            return Optional.of(MOST_PRODUCTS + " products of the same input stand side by side already.");
        }
        List<Linear> linears = linears(function, all);
        // The input; of each product a weight and a result; what their finishes read.
        long bound = 1
                + 2L * linears.size()
                + linears.stream()
                        .mapToLong(linear -> linear.finish().values().size())
                        .sum();
        return bound > MOST_BOUND
                ? Optional.of("Beside the products before it of the same input it would bind " + bound
                        + " values; a device binds " + MOST_BOUND + " at least.")
                : Optional.empty();
    }

    private static List<Linear> linears(Function function, List<Integer> group) {
        return group.stream()
                .map(each -> product(function.body().get(each).op()).orElseThrow())
                .toList();
    }

    private static Optional<Linear> product(Op op) {
        return Functions.as(op, MatMul.class)
                .map(Linear::of)
                .or(() -> Functions.as(op, Linear.class))
                .filter(linear -> linear.weight().kind() == Value.Kind.WEIGHT
                        && linear.slice().isEmpty());
    }

    private static Value result(Function function, int index) {
        Statement statement = function.body().get(index);
        return statement.results().getFirst();
    }

    private static String names(List<Value> values) {
        return String.join(", ", values.stream().map(Value::toString).toList());
    }
}
