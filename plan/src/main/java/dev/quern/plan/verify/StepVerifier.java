package dev.quern.plan.verify;

import dev.quern.plan.BufferSpec;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import dev.quern.plan.WeightSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of one step. */
final class StepVerifier {
    private static final int OFFSET_ALIGNMENT = 256;

    /** The largest uniform binding that every WebGPU device accepts. */
    private static final int MAX_UNIFORM_BYTES = 65_536;

    private final PlanPlace.OfStep place;
    private final String where;
    private final DeviceProfile profile;
    private final Map<String, BufferSpec> buffers;
    private final Map<String, WeightSpec> weights;
    private final List<PlanProblem> problems = new ArrayList<>();

    StepVerifier(
            PlanPlace.OfStep place,
            String where,
            DeviceProfile profile,
            Map<String, BufferSpec> buffers,
            Map<String, WeightSpec> weights) {
        this.place = place;
        this.where = where;
        this.profile = profile;
        this.buffers = buffers;
        this.weights = weights;
    }

    List<PlanProblem> bindings(EntryPoint.Step step, Kernel kernel) {
        problems.clear();
        if (step.bindings().size() != kernel.bindings().size()) {
            return List.of(new PlanProblem(
                    PlanRule.BINDING_COUNT,
                    place,
                    where + " binds " + step.bindings().size() + " resources, but kernel " + kernel.name() + " has "
                            + kernel.bindings().size() + " bindings"));
        }
        for (int i = 0; i < step.bindings().size(); i++) {
            var bound = step.bindings().get(i);
            var access = kernel.bindings().get(i);
            var at = new PlanPlace.OfBinding(place, i);
            var buffer = buffers.get(bound.resource());
            var weight = weights.get(bound.resource());
            if (buffer != null) {
                buffer(at, bound, buffer, access);
            } else if (weight != null) {
                weight(at, bound, weight, access);
            } else {
                check(
                        false,
                        PlanRule.RESOURCE_THERE,
                        at,
                        where + " binds " + bound.resource() + ", which is not in the plan");
            }
            for (int j = 0; j < i; j++) {
                pair(at, step.bindings().get(j), kernel.bindings().get(j), bound, access);
            }
        }
        return List.copyOf(problems);
    }

    private void buffer(PlanPlace at, EntryPoint.Bound bound, BufferSpec buffer, Kernel.Access access) {
        String what = where + ": binding of " + bound.resource();
        check(
                access != Kernel.Access.TEXTURE && access != Kernel.Access.SAMPLED_TEXTURE,
                PlanRule.BUFFER_ACCESS,
                at,
                what + ": the kernel expects a texture, not a buffer");
        check(
                bound.offset() >= 0 && bound.offset() % OFFSET_ALIGNMENT == 0,
                PlanRule.BINDING_OFFSET,
                at,
                what + " has offset " + bound.offset() + ", which is not a multiple of " + OFFSET_ALIGNMENT);
        check(
                bound.bytes() > 0 && bound.bytes() % 4 == 0,
                PlanRule.BINDING_SIZE,
                at,
                what + " has " + bound.bytes() + " bytes, which is not a positive multiple of 4");
        check(
                bound.offset() <= buffer.bytes() && bound.bytes() <= buffer.bytes() - bound.offset(),
                PlanRule.BINDING_WITHIN,
                at,
                what + " has offset " + bound.offset() + " and " + bound.bytes() + " bytes, but the buffer has "
                        + buffer.bytes());
        long max = profile.limits().maxStorageBufferBindingSize();
        check(
                bound.bytes() <= max,
                PlanRule.BINDING_LIMIT,
                at,
                what + " has " + bound.bytes() + " bytes, more than maxStorageBufferBindingSize " + max);
        uniform(at, what, bound, access);
    }

    private void weight(PlanPlace at, EntryPoint.Bound bound, WeightSpec weight, Kernel.Access access) {
        String what = where + ": binding of " + bound.resource();
        check(
                bound.offset() == 0 && bound.bytes() == weight.bytes(),
                PlanRule.WEIGHT_WHOLE,
                at,
                what + " has offset " + bound.offset() + " and " + bound.bytes()
                        + " bytes; a weight is bound as a whole, " + weight.bytes() + " bytes from 0");
        List<Kernel.Access> allowed = switch (weight.placement()) {
            case BUFFER -> List.of(Kernel.Access.READ, Kernel.Access.UNIFORM);
            case TEXTURE -> List.of(Kernel.Access.TEXTURE);
            case SAMPLED_TEXTURE -> List.of(Kernel.Access.SAMPLED_TEXTURE);
        };
        check(
                allowed.contains(access),
                PlanRule.WEIGHT_ACCESS,
                at,
                what + ": the kernel's access is " + access.text() + ", but a weight in a "
                        + weight.placement().text() + " allows "
                        + String.join(
                                ", ", allowed.stream().map(Kernel.Access::text).toList()));
        uniform(at, what, bound, access);
    }

    private void uniform(PlanPlace at, String what, EntryPoint.Bound bound, Kernel.Access access) {
        check(
                access != Kernel.Access.UNIFORM || (bound.bytes() <= MAX_UNIFORM_BYTES && bound.bytes() % 16 == 0),
                PlanRule.UNIFORM_SIZE,
                at,
                what + " has " + bound.bytes() + " bytes; a uniform must have a multiple of 16, at most "
                        + MAX_UNIFORM_BYTES);
    }

    private void pair(
            PlanPlace at,
            EntryPoint.Bound one,
            Kernel.Access oneAccess,
            EntryPoint.Bound other,
            Kernel.Access otherAccess) {
        boolean written = oneAccess == Kernel.Access.READ_WRITE || otherAccess == Kernel.Access.READ_WRITE;
        if (!written || !one.resource().equals(other.resource())) {
            return;
        }
        check(
                oneAccess == otherAccess,
                PlanRule.ONE_ACCESS,
                at,
                where + " binds " + one.resource() + " for " + oneAccess.text() + " and for " + otherAccess.text()
                        + " at once");
        boolean disjoint =
                one.offset() + one.bytes() <= other.offset() || other.offset() + other.bytes() <= one.offset();
        check(
                disjoint,
                PlanRule.WRITES_DISJOINT,
                at,
                where + " binds overlapping parts of " + one.resource() + " for writing");
    }

    /** A grid is within the limits at the smallest and at the largest extents, and so between. */
    List<PlanProblem> grid(EntryPoint.Step step, Map<String, Long> symbols, Set<String> allowed) {
        problems.clear();
        check(
                step.grid().size() == 3,
                PlanRule.GRID_AXES,
                place,
                where + " has a grid of " + step.grid().size() + " extents, not 3");
        for (var extent : step.grid()) {
            if (!extent.symbol().isEmpty() && !allowed.contains(extent.symbol())) {
                check(
                        false,
                        PlanRule.GRID_SYMBOL,
                        place,
                        where + ": the grid depends on " + extent.symbol() + ", which is not known when it runs");
                continue;
            }
            Long bound = extent.symbol().isEmpty() ? Long.valueOf(1) : symbols.get(extent.symbol());
            if (bound == null) {
                check(
                        false,
                        PlanRule.GRID_SYMBOL_THERE,
                        place,
                        where + ": the grid depends on " + extent.symbol() + ", which is not in the plan");
                continue;
            }
            long max = profile.limits().maxComputeWorkgroupsPerDimension();
            boolean fits = extent.factor() >= 1
                    && extent.divisor() >= 1
                    && extent.factor() <= Long.MAX_VALUE / bound
                    && extent.at(bound) <= max;
            check(
                    fits,
                    PlanRule.GRID_LIMIT,
                    place,
                    where + ": a grid of " + extent.factor() + (extent.symbol().isEmpty() ? "" : " × " + bound) + " / "
                            + extent.divisor() + " workgroups is not between 1 and maxComputeWorkgroupsPerDimension "
                            + max);
        }
        return List.copyOf(problems);
    }

    private void check(boolean holds, PlanRule rule, PlanPlace at, String sentence) {
        if (!holds) {
            problems.add(new PlanProblem(rule, at, sentence));
        }
    }
}
