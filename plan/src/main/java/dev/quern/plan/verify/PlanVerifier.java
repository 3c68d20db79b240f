package dev.quern.plan.verify;

import dev.quern.plan.BufferSpec;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import dev.quern.plan.Placement;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Checks that a plan keeps every {@link Rule}.
 *
 * <p>Not checked: that steps touch no part of an arena outside of a region, and what kernels do.
 */
public final class PlanVerifier {

    private static final int OFFSET_ALIGNMENT = 256;

    /** Storage buffers of a kernel that every WebGPU device accepts. */
    private static final int MAX_STORAGE_BUFFERS = 8;

    /** Storage textures of a kernel that every WebGPU device accepts. */
    private static final int MAX_STORAGE_TEXTURES = 4;

    /** Sampled textures of a kernel that every WebGPU device accepts. */
    private static final int MAX_SAMPLED_TEXTURES = 16;

    private static final long TEXTURE_ROW_BYTES = (long) WeightSpec.TEXTURE_WIDTH * WeightSpec.TEXEL_BYTES;

    private final Plan plan;
    private final List<PlanProblem> problems = new ArrayList<>();
    private final Map<String, BufferSpec> buffers = new HashMap<>();
    private final Map<String, WeightSpec> weights = new HashMap<>();
    private final Map<String, Kernel> kernels = new HashMap<>();
    private final Map<String, Long> symbols = new HashMap<>();

    private PlanVerifier(Plan plan) {
        this.plan = plan;
    }

    /** Throws {@link PlanException} if a rule is broken. */
    public static void verify(Plan plan) {
        var problems = problems(plan);
        if (!problems.isEmpty()) {
            throw new PlanException(plan.profile().name(), problems);
        }
    }

    /** The broken rules, each a sentence. */
    public static List<String> problems(Plan plan) {
        return check(plan).stream().map(PlanProblem::sentence).toList();
    }

    /** The broken rules with their places. */
    public static List<PlanProblem> check(Plan plan) {
        var verifier = new PlanVerifier(plan);
        verifier.names();
        verifier.buffers();
        verifier.roles();
        verifier.weights();
        verifier.kernels();
        verifier.entryPoints();
        verifier.problems.addAll(MemoryVerifier.problems(plan));
        return List.copyOf(verifier.problems);
    }

    private void names() {
        plan.symbols().forEach(symbol -> symbols.put(symbol.name(), symbol.max()));
        plan.buffers().forEach(buffer -> buffers.put(buffer.name(), buffer));
        plan.weights().forEach(weight -> weights.put(weight.name(), weight));
        plan.kernels().forEach(kernel -> kernels.put(kernel.name(), kernel));
        unique(
                PlanRule.SYMBOL_ONCE,
                "symbols",
                plan.symbols().stream().map(Plan.Symbol::name).toList(),
                PlanPlace.OfSymbol::new);
        unique(
                PlanRule.KERNEL_ONCE,
                "kernels",
                plan.kernels().stream().map(Kernel::name).toList(),
                PlanPlace.OfKernel::new);
        unique(
                PlanRule.ENTRY_POINT_ONCE,
                "entry points",
                plan.entryPoints().stream().map(EntryPoint::name).toList(),
                PlanPlace.OfEntryPoint::new);
        var resources = new ArrayList<String>();
        plan.buffers().forEach(buffer -> resources.add(buffer.name()));
        plan.weights().forEach(weight -> resources.add(weight.name()));
        int first = plan.buffers().size();
        unique(
                PlanRule.RESOURCE_ONCE,
                "buffers or weights",
                resources,
                index -> index < first ? new PlanPlace.OfBuffer(index) : new PlanPlace.OfWeight(index - first));
        for (int i = 0; i < plan.symbols().size(); i++) {
            var symbol = plan.symbols().get(i);
            check(
                    symbol.max() >= 1,
                    PlanRule.SYMBOL_BOUND,
                    new PlanPlace.OfSymbol(i),
                    "symbol " + symbol.name() + " has the bound " + symbol.max() + ", which is below 1");
        }
    }

    private void unique(PlanRule rule, String kind, List<String> names, IntFunction<PlanPlace> place) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            check(
                    seen.add(names.get(i)),
                    rule,
                    place.apply(i),
                    "the name " + names.get(i) + " is given to two " + kind);
        }
    }

    private void buffers() {
        var limits = plan.profile().limits();
        for (int i = 0; i < plan.buffers().size(); i++) {
            var buffer = plan.buffers().get(i);
            var place = new PlanPlace.OfBuffer(i);
            String what = "buffer " + buffer.name();
            check(
                    buffer.bytes() > 0 && buffer.bytes() % 4 == 0,
                    PlanRule.BUFFER_SIZE,
                    place,
                    what + " has " + buffer.bytes() + " bytes, which is not a positive multiple of 4");
            check(
                    buffer.bytes() <= limits.maxBufferSize(),
                    PlanRule.BUFFER_LIMIT,
                    place,
                    what + " has " + buffer.bytes() + " bytes, more than maxBufferSize " + limits.maxBufferSize());
            rows(buffer, place, what);
        }
    }

    private void rows(BufferSpec buffer, PlanPlace place, String what) {
        boolean state = buffer.role() == BufferSpec.Role.STATE;
        if (buffer.rows().isEmpty()) {
            check(!state, PlanRule.STATE_ROWS, place, what + " is a state, and says not how its rows are kept");
            return;
        }
        var rows = buffer.rows().get();
        check(state, PlanRule.STATE_ROWS, place, what + " has rows, which only states have");
        check(
                rows.columns() > 0
                        && rows.columns() % rows.encoding().elements() == 0
                        && rows.columns()
                                <= buffer.bytes()
                                        / rows.encoding().blockBytes()
                                        * rows.encoding().elements()
                        && buffer.bytes() % rows.bytes() == 0,
                PlanRule.STATE_ROWS,
                place,
                what + " has " + buffer.bytes() + " bytes, which is no number of rows of " + rows.columns() + " "
                        + rows.encoding().text());
    }

    private void roles() {
        boolean prefill = has(EntryPoint.PREFILL);
        boolean step = has(EntryPoint.STEP);
        boolean pick = has(EntryPoint.PICK);
        long tokens = prefill ? symbols.getOrDefault(EntryPoint.TOKENS, 0L) : 1;
        check(
                !prefill || tokens >= 1,
                PlanRule.PREFILL_TOKENS,
                new PlanPlace.OfPlan(),
                "prefill needs a symbol named " + EntryPoint.TOKENS);
        one(BufferSpec.Role.TOKENS, prefill || step || pick, 4 * Math.min(tokens, Integer.MAX_VALUE));
        one(BufferSpec.Role.POSITION, prefill || step || pick, 4);
        one(BufferSpec.Role.LOGITS, step || pick, 4);
        one(BufferSpec.Role.RING, pick, 4);
    }

    private void one(BufferSpec.Role role, boolean needed, long bytes) {
        if (!needed) {
            return;
        }
        check(
                count(role) == 1,
                PlanRule.ROLE_ONCE,
                new PlanPlace.OfPlan(),
                "expected one buffer with the role " + role.text() + ", found " + count(role));
        for (int i = 0; i < plan.buffers().size(); i++) {
            var buffer = plan.buffers().get(i);
            check(
                    buffer.role() != role || buffer.bytes() >= bytes,
                    PlanRule.ROLE_SIZE,
                    new PlanPlace.OfBuffer(i),
                    "buffer " + buffer.name() + " has " + buffer.bytes() + " bytes, but needs " + bytes);
        }
    }

    private long count(BufferSpec.Role role) {
        return plan.buffers().stream().filter(buffer -> buffer.role() == role).count();
    }

    private boolean has(String entryPoint) {
        return plan.entryPoints().stream().anyMatch(entry -> entry.name().equals(entryPoint));
    }

    private void weights() {
        var limits = plan.profile().limits();
        for (int i = 0; i < plan.weights().size(); i++) {
            var weight = plan.weights().get(i);
            var place = new PlanPlace.OfWeight(i);
            String what = "weight " + weight.name();
            check(
                    weight.bytes() > 0 && weight.bytes() % 16 == 0,
                    PlanRule.WEIGHT_SIZE,
                    place,
                    what + " has " + weight.bytes() + " bytes, which is not a positive multiple of 16");
            switch (weight.placement()) {
                case BUFFER -> {
                    long max = Math.min(limits.maxBufferSize(), limits.maxStorageBufferBindingSize());
                    check(
                            weight.bytes() <= max,
                            PlanRule.WEIGHT_LIMIT,
                            place,
                            what + " has " + weight.bytes() + " bytes, more than the " + max + " that can be bound");
                }
                case TEXTURE, SAMPLED_TEXTURE -> {
                    long rows = Math.ceilDiv(weight.bytes(), TEXTURE_ROW_BYTES);
                    check(
                            Math.max(rows, WeightSpec.TEXTURE_WIDTH) <= limits.maxTextureDimension2D(),
                            PlanRule.TEXTURE_LIMIT,
                            place,
                            what + " needs a texture of " + WeightSpec.TEXTURE_WIDTH + " by " + rows
                                    + " texels, more than maxTextureDimension2D " + limits.maxTextureDimension2D());
                }
            }
            segments(weight, place, what);
        }
    }

    private void segments(WeightSpec weight, PlanPlace place, String what) {
        long sum = 0;
        for (int i = 0; i < weight.segments().size(); i++) {
            var segment = weight.segments().get(i);
            check(
                    segment.bytes() > 0 && segment.offset() >= 0 && segment.offset() % OFFSET_ALIGNMENT == 0,
                    PlanRule.SEGMENT_OFFSET,
                    place,
                    what + ": segment " + i + " has offset " + segment.offset() + " and " + segment.bytes()
                            + " bytes; the offset must be a multiple of 256, the size positive");
            boolean last = i == weight.segments().size() - 1;
            check(
                    last || weight.placement() == Placement.BUFFER || segment.bytes() % TEXTURE_ROW_BYTES == 0,
                    PlanRule.SEGMENT_ROWS,
                    place,
                    what + ": segment " + i + " has " + segment.bytes()
                            + " bytes, which is not a whole number of texture rows");
            sum += segment.bytes();
        }
        check(
                sum == weight.bytes(),
                PlanRule.SEGMENT_SUM,
                place,
                what + " has " + weight.bytes() + " bytes, but its segments have " + sum);
    }

    private void kernels() {
        for (int i = 0; i < plan.kernels().size(); i++) {
            var kernel = plan.kernels().get(i);
            var place = new PlanPlace.OfKernel(i);
            String what = "kernel " + kernel.name();
            long storage = count(kernel, Kernel.Access.READ) + count(kernel, Kernel.Access.READ_WRITE);
            few(storage, MAX_STORAGE_BUFFERS, PlanRule.STORAGE_BUFFERS, place, what, "storage buffers");
            long read = count(kernel, Kernel.Access.TEXTURE);
            few(read, MAX_STORAGE_TEXTURES, PlanRule.STORAGE_TEXTURES, place, what, "storage textures");
            long sampled = count(kernel, Kernel.Access.SAMPLED_TEXTURE);
            few(sampled, MAX_SAMPLED_TEXTURES, PlanRule.SAMPLED_TEXTURES, place, what, "sampled textures");
            check(
                    plan.profile().subgroupSize() > 0 || !kernel.features().contains(Kernel.Feature.SUBGROUPS),
                    PlanRule.SUBGROUPS,
                    place,
                    what + " uses subgroups, but the profile relies on none");
        }
    }

    private void few(long count, int max, PlanRule rule, PlanPlace place, String what, String resources) {
        check(
                count <= max,
                rule,
                place,
                what + " binds " + count + " " + resources + "; a device need not offer more than " + max);
    }

    private static long count(Kernel kernel, Kernel.Access access) {
        return kernel.bindings().stream()
                .filter(candidate -> candidate == access)
                .count();
    }

    private void entryPoints() {
        var known = List.of(EntryPoint.PREFILL, EntryPoint.STEP, EntryPoint.PICK);
        for (int index = 0; index < plan.entryPoints().size(); index++) {
            var entry = plan.entryPoints().get(index);
            check(
                    known.contains(entry.name()),
                    PlanRule.ENTRY_POINT_KNOWN,
                    new PlanPlace.OfEntryPoint(index),
                    "entry point " + entry.name() + " is not one of " + String.join(", ", known));
            for (int i = 0; i < entry.steps().size(); i++) {
                var step = entry.steps().get(i);
                var place = new PlanPlace.OfStep(index, i);
                String where = entry.name() + " step " + i + " (" + step.label() + ")";
                var verifier = new StepVerifier(place, where, plan.profile(), buffers, weights);
                var kernel = kernels.get(step.kernel());
                check(
                        kernel != null,
                        PlanRule.KERNEL_THERE,
                        place,
                        where + " runs kernel " + step.kernel() + ", which is not in the plan");
                if (kernel != null) {
                    problems.addAll(verifier.bindings(step, kernel));
                }
                var allowed = entry.name().equals(EntryPoint.PREFILL) ? Set.of(EntryPoint.TOKENS) : Set.<String>of();
                problems.addAll(verifier.grid(step, symbols, allowed));
            }
        }
    }

    private void check(boolean holds, PlanRule rule, PlanPlace place, String sentence) {
        if (!holds) {
            problems.add(new PlanProblem(rule, place, sentence));
        }
    }
}
