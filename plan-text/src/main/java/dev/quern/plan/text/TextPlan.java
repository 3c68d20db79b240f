package dev.quern.plan.text;

import dev.quern.plan.Plan;
import java.util.List;

/**
 * What a text at the stage {@code plan} holds.
 *
 * @param model the name in its first line
 * @param plan the plan; kernels whose source was not at hand have an empty one
 * @param missingSources the files of WGSL that were not at hand, in the order of the kernels; a plan that lacks some prints and verifies, but
 *     does not run
 */
public record TextPlan(String model, Plan plan, List<String> missingSources) {
    public TextPlan {
        missingSources = List.copyOf(missingSources);
    }

    /** The text again. */
    public String write() {
        return PlanWriter.write(model, plan);
    }
}
