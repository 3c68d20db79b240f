package dev.quern.browsercheck;

import dev.quern.plan.BufferSpec;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import dev.quern.plan.MemoryCertificate;
import dev.quern.plan.Plan;
import java.util.List;

/** Builds the smallest plan. */
final class PlanCheck {
    private PlanCheck() {}

    static String run() {
        return plan().toString();
    }

    static Plan plan() {
        var kernel = new Kernel("copy", "main", List.of(Kernel.Access.READ_WRITE), List.of(), "");
        var step = new EntryPoint.Step(
                "copy",
                kernel.name(),
                List.of(new EntryPoint.Bound("arena", 0, 256)),
                List.of(EntryPoint.Extent.fixed(1), EntryPoint.Extent.fixed(1), EntryPoint.Extent.fixed(1)));
        return new Plan(
                DeviceProfile.PORTABLE,
                List.of(new Plan.Symbol(EntryPoint.TOKENS, 64)),
                List.of(new BufferSpec("arena", BufferSpec.Role.ARENA, 256)),
                List.of(),
                List.of(kernel),
                List.of(new EntryPoint(EntryPoint.STEP, List.of(step))),
                new MemoryCertificate(256, 256, List.of()));
    }
}
