package dev.quern.compiler;

import dev.quern.codegen.ArenaLayout;
import dev.quern.codegen.Selection;
import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.ir.Binding;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Function;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import dev.quern.plan.Kernel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which values of a function may share a buffer. WebGPU lets no dispatch bind one buffer both as uniform and for
 * writing, so a value that a kernel reads as a uniform lies in another arena than whatever else that dispatch binds.
 *
 * <p>Values that take over each other's memory are one group. Groups that must be apart are coloured greedily in the
 * order of definition; groups that nothing constrains take the colour that the caller gives to their first value.
 */
final class ArenaColours {
    private final Map<Value, Value> roots = new LinkedHashMap<>();
    private final Map<Value, Set<Value>> apart = new LinkedHashMap<>();

    ArenaColours(Function function, Selection selection) {
        Set<Value> external = ArenaLayout.external(function);
        for (Statement statement : function.body()) {
            Dispatch dispatch = dispatch(statement);
            for (int index = 0; index < statement.results().size(); index++) {
                Value result = statement.results().get(index);
                Value root = dispatch.takenOver(index).map(this::root).orElse(result);
                roots.put(result, root);
                if (!external.contains(result)) {
                    apart.computeIfAbsent(root, _ -> new LinkedHashSet<>());
                }
            }
        }
        for (Statement statement : function.body()) {
            separate(dispatch(statement), statement.results(), selection);
        }
    }

    private void separate(Dispatch dispatch, List<Value> results, Selection selection) {
        KernelDefinition kernel = selection.kernel(dispatch);
        List<Value> bound = new ArrayList<>();
        dispatch.bindings().forEach(binding -> binding.read().ifPresent(bound::add));
        bound.addAll(results);
        for (int slot = 0; slot < dispatch.bindings().size(); slot++) {
            if (!(dispatch.bindings().get(slot) instanceof Binding.Reads reads)) {
                continue;
            }
            Value input = root(reads.value());
            if (kernel.slots().get(slot).access() == Kernel.Access.UNIFORM && apart.containsKey(input)) {
                for (Value other : bound) {
                    Value otherRoot = root(other);
                    if (!otherRoot.equals(input) && apart.containsKey(otherRoot)) {
                        neighbours(input).add(otherRoot);
                        neighbours(otherRoot).add(input);
                    }
                }
            }
        }
    }

    /**
     * The colour of every value in the arena, from 0.
     *
     * @param free the colours of values that may lie anywhere, by name
     * @param otherwise the colour of those that {@code free} does not name
     */
    Map<Value, Integer> colours(Map<String, Integer> free, int otherwise) {
        Map<Value, Integer> ofRoot = new LinkedHashMap<>();
        for (Map.Entry<Value, Set<Value>> entry : apart.entrySet()) {
            Value root = entry.getKey();
            ofRoot.put(
                    root,
                    entry.getValue().isEmpty()
                            ? free.getOrDefault(root.name(), otherwise)
                            : smallestBeside(entry.getValue(), ofRoot));
        }
        Map<Value, Integer> colours = new LinkedHashMap<>();
        roots.forEach((value, root) -> {
            Integer colour = ofRoot.get(root);
            if (colour != null) {
                colours.put(value, colour);
            }
        });
        return colours;
    }

    /** The colours of the values that may not lie anywhere, by name. */
    Map<String, Integer> constrained() {
        Map<String, Integer> colours = new LinkedHashMap<>();
        colours(Map.of(), 0).forEach((value, colour) -> {
            if (!neighbours(root(value)).isEmpty()) {
                colours.put(value.name(), colour);
            }
        });
        return colours;
    }

    private static int smallestBeside(Set<Value> neighbours, Map<Value, Integer> ofRoot) {
        Set<Integer> taken = new LinkedHashSet<>();
        for (Value neighbour : neighbours) {
            Integer known = ofRoot.get(neighbour);
            if (known != null) {
                taken.add(known);
            }
        }
        int colour = 0;
        while (taken.contains(colour)) {
            colour++;
        }
        return colour;
    }

    private Set<Value> neighbours(Value root) {
        return apart.computeIfAbsent(root, _ -> new LinkedHashSet<>());
    }

    private Value root(Value value) {
        return roots.getOrDefault(value, value);
    }

    private static Dispatch dispatch(Statement statement) {
        return switch (statement.op()) {
            case Dispatch dispatch -> dispatch;
            case TensorOp _ ->
                throw new IllegalArgumentException("memory is planned for kernels, which are not chosen yet");
        };
    }
}
