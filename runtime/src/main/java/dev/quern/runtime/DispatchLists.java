package dev.quern.runtime;

import dev.quern.plan.EntryPoint;
import dev.quern.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The dispatches of each entry point, with bind groups made once for each kernel with the same bindings. */
final class DispatchLists {
    private final Plan plan;
    private final Map<String, List<Prepared>> prepared = new HashMap<>();
    private final int maxTokens;

    /** The list for whole chunks, made at once, and the last list for another number of tokens. */
    private final List<Gpu.Dispatch> wholeChunk;

    private List<Gpu.Dispatch> partChunk = List.of();
    private int partTokens;

    /** A step that lacks only its grid. */
    private record Prepared(EntryPoint.Step step, Gpu.Pipeline pipeline, Gpu.BindGroup group) {
        Gpu.Dispatch at(long tokens) {
            var grid = step.grid();
            return new Gpu.Dispatch(
                    step.label(),
                    pipeline,
                    group,
                    Math.toIntExact(grid.get(0).at(tokens)),
                    Math.toIntExact(grid.get(1).at(tokens)),
                    Math.toIntExact(grid.get(2).at(tokens)));
        }
    }

    private record Group(String kernel, List<EntryPoint.Bound> bindings) {}

    DispatchLists(Gpu gpu, Plan plan, Map<String, Gpu.Binding> resources, Map<String, Gpu.Pipeline> pipelines) {
        this.plan = plan;
        var groups = new HashMap<Group, Gpu.BindGroup>();
        for (var entry : plan.entryPoints()) {
            var steps = new ArrayList<Prepared>();
            for (var step : entry.steps()) {
                var pipeline = Objects.requireNonNull(pipelines.get(step.kernel()));
                var group = groups.computeIfAbsent(
                        new Group(step.kernel(), step.bindings()),
                        wanted -> gpu.bind(
                                pipeline,
                                wanted.bindings().stream()
                                        .map(bound -> bind(bound, resources))
                                        .toList()));
                steps.add(new Prepared(step, pipeline, group));
            }
            prepared.put(entry.name(), steps);
        }
        maxTokens = plan.symbols().stream()
                .filter(symbol -> symbol.name().equals(EntryPoint.TOKENS))
                .mapToInt(symbol -> Math.toIntExact(symbol.max()))
                .findFirst()
                .orElse(1);
        wholeChunk = make(EntryPoint.PREFILL, maxTokens);
    }

    private static Gpu.Binding bind(EntryPoint.Bound bound, Map<String, Gpu.Binding> resources) {
        return switch (Objects.requireNonNull(resources.get(bound.resource()))) {
            case Gpu.Binding.OfBuffer whole -> new Gpu.Binding.OfBuffer(whole.buffer(), bound.offset(), bound.bytes());
            case Gpu.Binding.OfTexture texture -> texture;
        };
    }

    /** The bound of the symbol {@code tokens}. */
    int maxTokens() {
        return maxTokens;
    }

    /** The dispatches of an entry point that is run with so many tokens. */
    List<Gpu.Dispatch> of(String entryPoint, int tokens) {
        if (!entryPoint.equals(EntryPoint.PREFILL)) {
            return make(entryPoint, tokens);
        }
        if (tokens == maxTokens) {
            return wholeChunk;
        }
        if (tokens != partTokens) {
            partChunk = make(entryPoint, tokens);
            partTokens = tokens;
        }
        return partChunk;
    }

    private List<Gpu.Dispatch> make(String entryPoint, int tokens) {
        var steps = prepared.get(entryPoint);
        if (steps == null) {
            throw new IllegalArgumentException(
                    "the plan for " + plan.profile().name() + " has no entry point " + entryPoint);
        }
        return steps.stream().map(step -> step.at(tokens)).toList();
    }
}
