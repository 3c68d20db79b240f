package dev.quern.runtime;

import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import dev.quern.plan.Plan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The kernels of a plan in the order in which they are wanted: first those of a step and of its choice, with which a
 * short prompt is read and all of an answer is written, then those for long prompts. Hosts that compile kernels while
 * other work goes on can begin before the latter are ready.
 *
 * @param kernels all of the plan
 * @param ofSteps how many come first
 */
public record KernelOrder(List<Kernel> kernels, int ofSteps) {
    public KernelOrder {
        kernels = List.copyOf(kernels);
    }

    /** The order of a plan's kernels. */
    public static KernelOrder of(Plan plan) {
        Set<String> wanted = new HashSet<>();
        for (EntryPoint entry : plan.entryPoints()) {
            if (!entry.name().equals(EntryPoint.PREFILL)) {
                entry.steps().forEach(step -> wanted.add(step.kernel()));
            }
        }
        List<Kernel> first = new ArrayList<>();
        List<Kernel> later = new ArrayList<>();
        for (Kernel kernel : plan.kernels()) {
            (wanted.contains(kernel.name()) ? first : later).add(kernel);
        }
        int ofSteps = first.size();
        first.addAll(later);
        return new KernelOrder(first, ofSteps);
    }
}
