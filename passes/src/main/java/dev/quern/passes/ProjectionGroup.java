package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Op;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Attention;
import dev.quern.ir.TensorOp.MatMul;
import dev.quern.ir.TensorOp.Rope;
import dev.quern.ir.TensorOp.StateWrite;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Products of one input that one consumer takes together.
 *
 * @param function the name of the function
 * @param x the input
 * @param products the results, in the order of the consumer: query, key, value or gate, up
 * @param weights the weights in the same order
 */
record ProjectionGroup(String function, Value x, List<Value> products, List<Value> weights) {

    /** The groups of a function, in the order of their consumers; each product is in one group at most. */
    static List<ProjectionGroup> in(Function function, String pass, PassReport report) {
        Uses uses = new Uses(function);
        List<ProjectionGroup> groups = new ArrayList<>();
        List<Value> taken = new ArrayList<>();
        for (Statement statement : function.body()) {
            List<Optional<Value>> inputs = inputs(statement.op(), uses);
            if (inputs.isEmpty()) {
                continue;
            }
            Optional<ProjectionGroup> group = group(function, uses, inputs);
            if (group.isEmpty()) {
                report.left(
                        pass,
                        Functions.where(function, statement.results().getFirst()),
                        "Its inputs are not products of one value, each with a weight of its own.");
            } else if (group.get().products().stream().noneMatch(taken::contains)) {
                groups.add(group.get());
                taken.addAll(group.get().products());
            }
        }
        return groups;
    }

    private static List<Optional<Value>> inputs(Op op, Uses uses) {
        return switch (op) {
            case TensorOp.Map map -> products(map, uses);
            case Attention attention ->
                List.of(
                        Optional.of(unrotated(attention.query(), uses)),
                        written(attention.keys(), uses).map(keys -> unrotated(keys, uses)),
                        written(attention.values(), uses));
            default -> List.of();
        };
    }

    /** What a function reads of products, where these are two. */
    private static List<Optional<Value>> products(TensorOp.Map map, Uses uses) {
        List<Optional<Value>> products = map.operands().stream()
                .filter(operand -> uses.made(operand, MatMul.class).isPresent())
                .map(Optional::of)
                .toList();
        return products.size() == 2 ? products : List.of();
    }

    private static Value unrotated(Value value, Uses uses) {
        return uses.made(value, Rope.class).map(Rope::x).orElse(value);
    }

    private static Optional<Value> written(Value state, Uses uses) {
        return uses.made(state, StateWrite.class).map(StateWrite::x);
    }

    private static Optional<ProjectionGroup> group(Function function, Uses uses, List<Optional<Value>> inputs) {
        List<Value> products = new ArrayList<>();
        List<Value> weights = new ArrayList<>();
        List<Value> xs = new ArrayList<>();
        for (Optional<Value> input : inputs) {
            Optional<MatMul> product = input.flatMap(value -> uses.made(value, MatMul.class));
            if (product.isEmpty() || product.get().weight().kind() != Value.Kind.WEIGHT) {
                return Optional.empty();
            }
            products.add(input.get());
            weights.add(product.get().weight());
            xs.add(product.get().x());
        }
        boolean distinct = weights.stream().distinct().count() == weights.size();
        boolean oneInput = xs.stream().distinct().count() == 1;
        return distinct && oneInput
                ? Optional.of(new ProjectionGroup(
                        function.name(), xs.getFirst(), List.copyOf(products), List.copyOf(weights)))
                : Optional.empty();
    }
}
