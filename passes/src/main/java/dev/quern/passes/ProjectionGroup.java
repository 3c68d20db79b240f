package dev.quern.passes;

import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.Op;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Attention;
import dev.quern.ir.TensorOp.MatMul;
import dev.quern.ir.TensorOp.RmsNorm;
import dev.quern.ir.TensorOp.Rope;
import dev.quern.ir.TensorOp.StateWrite;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            List<ProjectionGroup> ofOneInput = groups(function, uses, inputs);
            if (ofOneInput.isEmpty()) {
                report.left(
                        pass,
                        Functions.where(function, statement.results().getFirst()),
                        "No two of its inputs are products of one value, each with a weight of its own.");
            }
            for (ProjectionGroup group : ofOneInput) {
                if (group.products().stream().noneMatch(taken::contains)) {
                    groups.add(group);
                    taken.addAll(group.products());
                }
            }
        }
        return groups;
    }

    /**
     * The same products, those apart whose weights have different encodings; of one product alone there is no group.
     */
    List<ProjectionGroup> byEncoding() {
        Map<Encoding, List<Integer>> byEncoding = new LinkedHashMap<>();
        for (int index = 0; index < weights.size(); index++) {
            byEncoding
                    .computeIfAbsent(weights.get(index).tensor().encoding(), _ -> new ArrayList<>())
                    .add(index);
        }
        return byEncoding.values().stream()
                .filter(each -> each.size() > 1)
                .map(each -> new ProjectionGroup(
                        function,
                        x,
                        each.stream().map(products::get).toList(),
                        each.stream().map(weights::get).toList()))
                .toList();
    }

    private static List<Optional<Value>> inputs(Op op, Uses uses) {
        return switch (op) {
            case TensorOp.Map map -> products(map, uses);
            case Attention attention ->
                List.of(
                        Optional.of(product(attention.query(), uses)),
                        written(attention.keys(), uses).map(keys -> product(keys, uses)),
                        written(attention.values(), uses).map(values -> product(values, uses)));
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

    /** What heads are a product of, before their rotation, their norms and what is done with single elements. */
    private static Value product(Value heads, Uses uses) {
        Value now = uses.made(heads, Rope.class).map(Rope::x).orElse(heads);
        Value bare = uses.made(now, RmsNorm.class)
                .filter(RmsNorm::plain)
                .map(RmsNorm::x)
                .orElse(now);
        return uses.made(bare, TensorOp.Map.class)
                .flatMap(ProjectionGroup::onlyActivation)
                .orElse(bare);
    }

    /** What a function of single elements reads beside vectors, if that is one value. */
    private static Optional<Value> onlyActivation(TensorOp.Map map) {
        List<Value> activations = map.operands().stream()
                .filter(operand -> operand.kind() == Value.Kind.LOCAL)
                .toList();
        return activations.size() == 1 ? Optional.of(activations.getFirst()) : Optional.empty();
    }

    private static Optional<Value> written(Value state, Uses uses) {
        return uses.made(state, StateWrite.class).map(StateWrite::x);
    }

    private static List<ProjectionGroup> groups(Function function, Uses uses, List<Optional<Value>> inputs) {
        Map<Value, ProjectionGroup> byInput = new LinkedHashMap<>();
        for (Optional<Value> input : inputs) {
            Optional<MatMul> product = input.flatMap(value -> uses.made(value, MatMul.class));
            if (product.isEmpty() || product.get().weight().kind() != Value.Kind.WEIGHT) {
                continue;
            }
            ProjectionGroup group = byInput.computeIfAbsent(
                    product.get().x(), x -> new ProjectionGroup(function.name(), x, List.of(), List.of()));
            if (!group.weights().contains(product.get().weight())) {
                byInput.put(group.x(), group.with(input.get(), product.get().weight()));
            }
        }
        return byInput.values().stream()
                .filter(group -> group.products().size() > 1)
                .toList();
    }

    private ProjectionGroup with(Value product, Value weight) {
        List<Value> moreProducts = new ArrayList<>(products);
        moreProducts.add(product);
        List<Value> moreWeights = new ArrayList<>(weights);
        moreWeights.add(weight);
        return new ProjectionGroup(function, x, List.copyOf(moreProducts), List.copyOf(moreWeights));
    }
}
