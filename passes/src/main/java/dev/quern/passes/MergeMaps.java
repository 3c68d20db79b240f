package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Columns;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Computes what is done alike with all parts of a value once, before it is taken apart.
 *
 * <pre>
 * %a = columns %qkv {first part}          %b = map (%qkv + @qkv.bias)
 * %q = map (%a + @q.bias)                 %q = columns %b {first part}
 * …                                  →    …
 * </pre>
 *
 * <p>So the biases of query, key and value can finish their product. The merged vector lists the sources of the others
 * in order, and stands beside them: the last to use one drops it.
 *
 * <p>When not: the parts do not fill the value; one of them is read by something else; what is done with them is not
 * the same function of a part and of vectors; the vectors have different encodings.
 */
public final class MergeMaps implements Pass {
    @Override
    public String name() {
        return "merge-maps";
    }

    /**
     * What is done with one part.
     *
     * @param columns the part
     * @param shape the expression over {@code #0}, the part, and {@code #1}, …, the vectors in order
     */
    private record PartMap(Value part, Columns columns, Value result, Pointwise shape, List<Value> vectors) {}

    @Override
    public Module run(Module module, PassReport report) {
        Set<String> names = new HashSet<>();
        module.weights().forEach(weight -> names.add(weight.name()));
        Map<List<Value>, Weight> merged = new LinkedHashMap<>();
        List<Function> functions = new ArrayList<>();
        for (Function function : module.functions()) {
            functions.add(merge(module, function, merged, names, report));
        }
        if (functions.equals(module.functions())) {
            return module;
        }
        List<Weight> weights = new ArrayList<>(module.weights());
        weights.addAll(merged.values());
        return module.with(weights, functions);
    }

    private Function merge(
            Module module, Function function, Map<List<Value>, Weight> merged, Set<String> names, PassReport report) {
        Uses uses = new Uses(function);
        Map<Value, List<PartMap>> byFirst = new HashMap<>();
        for (Statement statement : function.body()) {
            for (Value value : statement.results()) {
                List<PartMap> parts = parts(function, uses, value);
                if (parts.size() > 1) {
                    Optional<String> obstacle = obstacle(value, parts);
                    if (obstacle.isPresent()) {
                        report.left(name(), Functions.where(function, value), obstacle.get());
                    } else {
                        byFirst.put(first(uses, parts), parts);
                    }
                }
            }
        }
        Rewriter rewriter = new Rewriter(function);
        Map<Value, Columns> parts = new HashMap<>();
        for (Statement statement : function.body()) {
            List<PartMap> alike = byFirst.get(statement.results().getFirst());
            if (alike != null) {
                TensorOp.Map map = map(module, alike, merged, names);
                Value whole = Value.local(
                        rewriter.fresh(MergedName.of(
                                alike.stream().map(part -> part.result().name()).toList())),
                        map.infer().getFirst());
                rewriter.add(List.of(whole), map);
                report.done(
                        name(),
                        Functions.where(function, whole),
                        "It computes "
                                + String.join(
                                        ", ",
                                        alike.stream()
                                                .map(part -> part.result().toString())
                                                .toList())
                                + " at once.");
                alike.forEach(part -> parts.put(
                        part.result(),
                        new Columns(
                                whole, part.columns().start(), part.columns().extent())));
            }
            Columns part = parts.get(statement.results().getFirst());
            if (part != null) {
                rewriter.add(statement.results(), part);
            } else {
                rewriter.add(statement);
            }
        }
        return Functions.dropUnused(rewriter.build(), function);
    }

    /** What is done with the parts of a value, in the order of its columns; none unless they are all mapped. */
    private static List<PartMap> parts(Function function, Uses uses, Value value) {
        List<PartMap> parts = new ArrayList<>();
        for (int user : uses.of(value)) {
            if (user >= function.body().size() || !(function.body().get(user).op() instanceof Columns columns)) {
                return List.of();
            }
            Value part = function.body().get(user).result();
            if (!uses.once(part) || uses.of(part).getFirst() >= function.body().size()) {
                return List.of();
            }
            Statement reader = function.body().get(uses.of(part).getFirst());
            Optional<PartMap> mapped = Functions.as(reader.op(), TensorOp.Map.class)
                    .flatMap(map -> partMap(part, columns, reader.result(), map.expression()));
            if (mapped.isEmpty()) {
                return List.of();
            }
            parts.add(mapped.get());
        }
        parts.sort((one, other) ->
                Long.compare(one.columns().start(), other.columns().start()));
        return parts;
    }

    private static Optional<PartMap> partMap(Value part, Columns columns, Value result, Pointwise expression) {
        List<Value> vectors = new ArrayList<>();
        for (Value value : expression.values()) {
            switch (value.kind()) {
                case WEIGHT -> vectors.add(value);
                case LOCAL -> {
                    if (!value.equals(part)) {
                        return Optional.empty();
                    }
                }
            }
        }
        Pointwise shape = expression.substitute(leaf -> switch (leaf) {
            case Pointwise.Element element -> new Pointwise.Part(0);
            case Pointwise.PerColumn vector -> new Pointwise.Part(1 + vectors.indexOf(vector.value()));
            case Pointwise.Part other -> other;
            case Pointwise.Constant constant -> constant;
        });
        return Optional.of(new PartMap(part, columns, result, shape, List.copyOf(vectors)));
    }

    private static Optional<String> obstacle(Value value, List<PartMap> parts) {
        long end = 0;
        PartMap first = parts.getFirst();
        for (PartMap part : parts) {
            if (part.columns().start() != end) {
                return Optional.of("Its parts do not fill it one after another.");
            }
            end += part.columns().extent();
            if (!part.shape().equals(first.shape())) {
                return Optional.of("With " + first.part() + " and " + part.part() + " different things are done.");
            }
            for (int index = 0; index < first.vectors().size(); index++) {
                Value one = first.vectors().get(index);
                Value other = part.vectors().get(index);
                if (!one.tensor().encoding().equals(other.tensor().encoding())) {
                    return Optional.of("The encodings of " + one + " and " + other + " differ.");
                }
            }
        }
        return end == value.tensor().columns()
                ? Optional.empty()
                : Optional.of("Its parts do not fill it one after another.");
    }

    /** The part whose statement comes first. */
    private static Value first(Uses uses, List<PartMap> parts) {
        Value first = parts.getFirst().part();
        for (PartMap part : parts) {
            if (uses.definition(part.part()) < uses.definition(first)) {
                first = part.part();
            }
        }
        return first;
    }

    private static TensorOp.Map map(
            Module module, List<PartMap> parts, Map<List<Value>, Weight> merged, Set<String> names) {
        PartMap first = parts.getFirst();
        List<Pointwise> operands =
                new ArrayList<>(List.of(Pointwise.of(first.columns().x())));
        for (int index = 0; index < first.vectors().size(); index++) {
            int which = index;
            List<Value> vectors =
                    parts.stream().map(part -> part.vectors().get(which)).toList();
            Weight weight = merged.computeIfAbsent(vectors, _ -> MergeProjections.merge(module, vectors, names));
            operands.add(Pointwise.of(weight.value()));
        }
        return new TensorOp.Map(first.shape()
                .substitute(leaf -> leaf instanceof Pointwise.Part part ? operands.get(part.index()) : leaf));
    }
}
