package dev.quern.passes;

import dev.quern.ir.Dim;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp.Columns;
import dev.quern.ir.TensorOp.MatMul;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Computes query, key and value, and likewise gate and up, as one product with their weights one under another.
 *
 * <pre>
 * %q = matmul %x, @q           %qkv = matmul %x, @qkv
 * %k = matmul %x, @k           %q = columns %qkv {start = 0, …}
 * %v = matmul %x, @v    →      %k = columns %qkv {start = rows of @q, …}
 *                              %v = columns %qkv {…}
 * </pre>
 *
 * <p>Which products belong together is read off their consumer, not off names: an attention whose query, written keys
 * and written values are products of one input, in this order, rotated or not, normalised or not, with a bias or not;
 * or a function of single elements that reads two, such as gate and up. A weight has one encoding: where those of a
 * group differ (query and key in four bits, value in six), the ones that are alike are merged. The new weight lists the
 * sources of the old ones in order, so that its rows are theirs. Functions share weights, so a group is merged in all
 * of them or in none.
 *
 * <p>When not: no other weight of the group has the encoding; one of the weights has a use outside such a group, in any
 * function, since it would then be stored twice.
 */
public final class MergeProjections implements Pass {
    @Override
    public String name() {
        return "merge-projections";
    }

    @Override
    public Module run(Module module, PassReport report) {
        List<ProjectionGroup> ofOneInput = new ArrayList<>();
        for (Function function : module.functions()) {
            ofOneInput.addAll(ProjectionGroup.in(function, name(), report));
        }
        noteEncodings(ofOneInput, report);
        List<ProjectionGroup> groups = ofOneInput.stream()
                .flatMap(group -> group.byEncoding().stream())
                .toList();
        List<Uses> uses = module.functions().stream().map(Uses::new).toList();
        Map<List<Value>, Weight> merged = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        module.weights().forEach(weight -> names.add(weight.name()));
        for (List<Value> weights : distinct(groups)) {
            Optional<String> obstacle = obstacle(uses, groups, weights);
            String where = where(weights);
            if (obstacle.isPresent()) {
                report.left(name(), where, obstacle.get());
            } else {
                Weight weight = merge(module, weights, names);
                merged.put(weights, weight);
                report.done(name(), where, "They became the rows of @" + weight.name() + ".");
            }
        }
        if (merged.isEmpty()) {
            return module;
        }
        List<Function> functions = new ArrayList<>();
        for (Function function : module.functions()) {
            functions.add(rewrite(
                    function,
                    groups.stream()
                            .filter(group ->
                                    group.function().equals(function.name()) && merged.containsKey(group.weights()))
                            .toList(),
                    merged,
                    report));
        }
        return module.with(weights(module, merged), functions);
    }

    /** Says of which weights only some can be merged, or none. */
    private void noteEncodings(List<ProjectionGroup> groups, PassReport report) {
        for (List<Value> weights : distinct(groups)) {
            if (weights.stream()
                            .map(weight -> weight.tensor().encoding())
                            .distinct()
                            .count()
                    > 1) {
                report.left(
                        name(),
                        where(weights),
                        "Their encodings differ: "
                                + String.join(
                                        ", ",
                                        weights.stream()
                                                .map(weight -> weight + " is "
                                                        + weight.tensor()
                                                                .encoding()
                                                                .text())
                                                .toList())
                                + ".");
            }
        }
    }

    private static String where(List<Value> weights) {
        return "[" + String.join(", ", weights.stream().map(Value::toString).toList()) + "]";
    }

    private static Set<List<Value>> distinct(List<ProjectionGroup> groups) {
        Set<List<Value>> lists = new LinkedHashSet<>();
        groups.forEach(group -> lists.add(group.weights()));
        return lists;
    }

    private static Optional<String> obstacle(List<Uses> uses, List<ProjectionGroup> groups, List<Value> weights) {
        for (Value weight : weights) {
            long inGroups = groups.stream()
                    .filter(group -> group.weights().equals(weights))
                    .count();
            long all = 0;
            for (Uses ofFunction : uses) {
                all += ofFunction.of(weight).size();
            }
            if (all != inGroups) {
                return Optional.of(weight + " also has a use outside such a group.");
            }
        }
        return Optional.empty();
    }

    /** The rows of some weights, or the elements of some vectors, one after another, under a name of their own. */
    static Weight merge(Module module, List<Value> weights, Set<String> names) {
        List<Weight.Part> parts = new ArrayList<>();
        long rows = 0;
        for (Value value : weights) {
            Weight weight = module.weight(value.name()).orElseThrow();
            parts.addAll(weight.parts());
            rows = Math.addExact(rows, weight.type().rows().max());
        }
        TensorType first = weights.getFirst().tensor();
        List<Dim> shape = new ArrayList<>(first.shape());
        shape.set(0, new Dim.Fixed(rows));
        TensorType type = new TensorType(first.encoding(), shape);
        String hint = MergedName.of(weights.stream().map(Value::name).toList());
        String name = hint;
        for (int count = 1; !names.add(name); count++) {
            name = hint + "." + count;
        }
        return new Weight(name, type, new Weight.Source.Tensors(parts), Optional.empty());
    }

    /** The merged weights stand where the first of theirs stood; the others are gone. */
    private static List<Weight> weights(Module module, Map<List<Value>, Weight> merged) {
        Map<String, Weight> byFirst = new HashMap<>();
        Set<String> gone = new HashSet<>();
        merged.forEach((values, weight) -> {
            byFirst.put(values.getFirst().name(), weight);
            values.forEach(value -> gone.add(value.name()));
        });
        List<Weight> weights = new ArrayList<>();
        for (Weight weight : module.weights()) {
            Weight by = byFirst.get(weight.name());
            if (by != null) {
                weights.add(by);
            } else if (!gone.contains(weight.name())) {
                weights.add(weight);
            }
        }
        return weights;
    }

    private Function rewrite(
            Function function, List<ProjectionGroup> groups, Map<List<Value>, Weight> merged, PassReport report) {
        Rewriter rewriter = new Rewriter(function);
        Map<Value, Columns> parts = new HashMap<>();
        for (Statement statement : function.body()) {
            for (ProjectionGroup group : groups) {
                if (group.products().contains(statement.results().getFirst())
                        && !parts.containsKey(statement.result())) {
                    Weight weight = merged.get(group.weights());
                    MatMul product =
                            new MatMul(group.x(), Objects.requireNonNull(weight).value());
                    Value whole = Value.local(
                            rewriter.fresh(MergedName.of(
                                    group.products().stream().map(Value::name).toList())),
                            product.infer().getFirst());
                    rewriter.add(List.of(whole), product);
                    report.done(
                            name(),
                            Functions.where(function, whole),
                            "It computes "
                                    + String.join(
                                            ", ",
                                            group.products().stream()
                                                    .map(Value::toString)
                                                    .toList())
                                    + " at once, with " + product.weight() + ".");
                    long start = 0;
                    for (Value part : group.products()) {
                        long extent = part.tensor().columns();
                        parts.put(part, new Columns(whole, start, extent));
                        start += extent;
                    }
                }
            }
            Columns part = parts.get(statement.results().getFirst());
            if (part != null) {
                rewriter.add(statement.results(), part);
            } else {
                rewriter.add(statement);
            }
        }
        return rewriter.build();
    }
}
