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

/**
 * The rules of a plan:
 *
 * <ul>
 *   <li>names are unique, buffers' and weights' among each other;
 *   <li>sizes are positive; buffers are multiples of 4 bytes, weights of 16; each fits the profile's limits;
 *   <li>there is exactly one buffer for tokens, position, logits and ring where an entry point needs it, large enough;
 *   <li>the segments of a weight have offsets that are multiples of 256 and add up to its size; all but the last of a texture are whole rows;
 *   <li>entry points are known; {@code step} and {@code pick} depend on no symbol, {@code prefill} on {@code tokens} at most;
 *   <li>a step names a kernel of the plan and has as many bindings, each a resource of the plan with the access that its placement allows, at an
 *       offset that is a multiple of 256, within the resource and within {@code maxStorageBufferBindingSize};
 *   <li>no dispatch binds one buffer for reading and for writing at once, nor overlapping parts for writing;
 *   <li>grids have from 1 to {@code maxComputeWorkgroupsPerDimension} workgroups, whatever the symbols are;
 *   <li>regions of the arenas that live at one time are disjoint, and the certificate's bounds are what its regions say.
 * </ul>
 *
 * <p>Not checked: that steps touch no part of an arena outside of a region, and what kernels do.
 */
public final class PlanVerifier {
    private static final int OFFSET_ALIGNMENT = 256;

    /** Storage buffers of a kernel that every WebGPU device accepts. */
    private static final int MAX_STORAGE_BUFFERS = 8;

    /** Storage textures of a kernel that every WebGPU device accepts. */
    private static final int MAX_STORAGE_TEXTURES = 4;

    private static final long TEXTURE_ROW_BYTES = (long) WeightSpec.TEXTURE_WIDTH * WeightSpec.TEXEL_BYTES;

    private final Plan plan;
    private final List<String> problems = new ArrayList<>();
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
        unique("symbol", plan.symbols().stream().map(Plan.Symbol::name).toList());
        unique("kernel", plan.kernels().stream().map(Kernel::name).toList());
        unique("entry point", plan.entryPoints().stream().map(EntryPoint::name).toList());
        var resources = new ArrayList<String>();
        plan.buffers().forEach(buffer -> resources.add(buffer.name()));
        plan.weights().forEach(weight -> resources.add(weight.name()));
        unique("buffer or weight", resources);
        for (var symbol : plan.symbols()) {
            check(
                    symbol.max() >= 1,
                    "symbol " + symbol.name() + " has the bound " + symbol.max() + ", which is below 1");
        }
    }

    private void unique(String kind, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (var name : names) {
            check(seen.add(name), "there are two of " + kind + " " + name);
        }
    }

    private void buffers() {
        var limits = plan.profile().limits();
        for (var buffer : plan.buffers()) {
            String what = "buffer " + buffer.name();
            check(
                    buffer.bytes() > 0 && buffer.bytes() % 4 == 0,
                    what + " has " + buffer.bytes() + " bytes, which is not a positive multiple of 4");
            check(
                    buffer.bytes() <= limits.maxBufferSize(),
                    what + " has " + buffer.bytes() + " bytes, more than maxBufferSize " + limits.maxBufferSize());
        }
    }

    private void roles() {
        boolean prefill = has(EntryPoint.PREFILL);
        boolean step = has(EntryPoint.STEP);
        boolean pick = has(EntryPoint.PICK);
        long tokens = prefill ? symbols.getOrDefault(EntryPoint.TOKENS, 0L) : 1;
        check(!prefill || tokens >= 1, "prefill needs a symbol named " + EntryPoint.TOKENS);
        one(BufferSpec.Role.TOKENS, prefill || step || pick, 4 * Math.min(tokens, Integer.MAX_VALUE));
        one(BufferSpec.Role.POSITION, prefill || step || pick, 4);
        one(BufferSpec.Role.LOGITS, step || pick, 4);
        one(BufferSpec.Role.RING, pick, 4);
    }

    private void one(BufferSpec.Role role, boolean needed, long bytes) {
        if (!needed) {
            return;
        }
        check(count(role) == 1, "expected one buffer with the role " + role.text() + ", found " + count(role));
        plan.buffers().stream()
                .filter(buffer -> buffer.role() == role && buffer.bytes() < bytes)
                .forEach(buffer -> problems.add(
                        "buffer " + buffer.name() + " has " + buffer.bytes() + " bytes, but needs " + bytes));
    }

    private long count(BufferSpec.Role role) {
        return plan.buffers().stream().filter(buffer -> buffer.role() == role).count();
    }

    private boolean has(String entryPoint) {
        return plan.entryPoints().stream().anyMatch(entry -> entry.name().equals(entryPoint));
    }

    private void weights() {
        var limits = plan.profile().limits();
        for (var weight : plan.weights()) {
            String what = "weight " + weight.name();
            check(
                    weight.bytes() > 0 && weight.bytes() % 16 == 0,
                    what + " has " + weight.bytes() + " bytes, which is not a positive multiple of 16");
            switch (weight.placement()) {
                case BUFFER -> {
                    long max = Math.min(limits.maxBufferSize(), limits.maxStorageBufferBindingSize());
                    check(
                            weight.bytes() <= max,
                            what + " has " + weight.bytes() + " bytes, more than the " + max + " that can be bound");
                }
                case TEXTURE -> {
                    long rows = Math.ceilDiv(weight.bytes(), TEXTURE_ROW_BYTES);
                    check(
                            Math.max(rows, WeightSpec.TEXTURE_WIDTH) <= limits.maxTextureDimension2D(),
                            what + " needs a texture of " + WeightSpec.TEXTURE_WIDTH + " by " + rows
                                    + " texels, more than maxTextureDimension2D " + limits.maxTextureDimension2D());
                }
            }
            segments(weight, what);
        }
    }

    private void segments(WeightSpec weight, String what) {
        long sum = 0;
        for (int i = 0; i < weight.segments().size(); i++) {
            var segment = weight.segments().get(i);
            check(
                    segment.bytes() > 0 && segment.offset() >= 0 && segment.offset() % OFFSET_ALIGNMENT == 0,
                    what + ": segment " + i + " has offset " + segment.offset() + " and " + segment.bytes()
                            + " bytes; the offset must be a multiple of 256, the size positive");
            boolean last = i == weight.segments().size() - 1;
            check(
                    last || weight.placement() != Placement.TEXTURE || segment.bytes() % TEXTURE_ROW_BYTES == 0,
                    what + ": segment " + i + " has " + segment.bytes()
                            + " bytes, which are not whole rows of a texture");
            sum += segment.bytes();
        }
        check(sum == weight.bytes(), what + " has " + weight.bytes() + " bytes, but its segments have " + sum);
    }

    private void kernels() {
        for (var kernel : plan.kernels()) {
            String what = "kernel " + kernel.name();
            long storage = count(kernel, Kernel.Access.READ) + count(kernel, Kernel.Access.READ_WRITE);
            long textures = count(kernel, Kernel.Access.TEXTURE);
            check(
                    storage <= MAX_STORAGE_BUFFERS,
                    what + " binds " + storage + " storage buffers; devices need offer no more than "
                            + MAX_STORAGE_BUFFERS);
            check(
                    textures <= MAX_STORAGE_TEXTURES,
                    what + " binds " + textures + " storage textures; devices need offer no more than "
                            + MAX_STORAGE_TEXTURES);
            check(
                    plan.profile().subgroupSize() > 0 || !kernel.features().contains(Kernel.Feature.SUBGROUPS),
                    what + " uses subgroups, but the profile relies on none");
        }
    }

    private static long count(Kernel kernel, Kernel.Access access) {
        return kernel.bindings().stream()
                .filter(candidate -> candidate == access)
                .count();
    }

    private void entryPoints() {
        var known = List.of(EntryPoint.PREFILL, EntryPoint.STEP, EntryPoint.PICK);
        for (var entry : plan.entryPoints()) {
            check(
                    known.contains(entry.name()),
                    "entry point " + entry.name() + " is none of " + String.join(", ", known));
            for (int i = 0; i < entry.steps().size(); i++) {
                var step = entry.steps().get(i);
                var verifier = new StepVerifier(
                        entry.name() + " step " + i + " (" + step.label() + ")", plan.profile(), buffers, weights);
                var kernel = kernels.get(step.kernel());
                if (kernel == null) {
                    problems.add(verifier.where() + " runs kernel " + step.kernel() + ", which the plan lacks");
                } else {
                    problems.addAll(verifier.bindings(step, kernel));
                }
                var allowed = entry.name().equals(EntryPoint.PREFILL) ? Set.of(EntryPoint.TOKENS) : Set.<String>of();
                problems.addAll(verifier.grid(step, symbols, allowed));
            }
        }
    }

    private void check(boolean holds, String problem) {
        if (!holds) {
            problems.add(problem);
        }
    }
}
