package dev.quern.runtime;

import dev.quern.plan.EntryPoint;
import dev.quern.plan.bundle.SelfTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a bundle's self-test on a device: each step of the last token alone, its result read and compared. The first
 * step that is wrong has read what was right, so its kernel is the wrong one. For hosts on which reads wait.
 */
public final class SelfTestRun {
    /** What an f32 result may differ by: sums in another order, and keys and values that round the other way. */
    private static final double TOLERANCE = 2e-3;

    private SelfTestRun() {}

    /**
     * Runs the test; the states are overwritten.
     *
     * @return what is wrong first, as a sentence; empty if the device computes what it must
     */
    public static Optional<String> run(Executor executor, SelfTest test) {
        Map<String, List<SelfTest.Digest>> expected = new HashMap<>();
        test.digests()
                .forEach(digest -> expected.computeIfAbsent(digest.label(), _ -> new ArrayList<>())
                        .add(digest));
        int last = test.tokens().size() - 1;
        var check = new FiniteCheck(executor);
        Stepwise stepwise = check.stepwise();
        List<String> problems = new ArrayList<>();
        for (int token = 0; token < last && problems.isEmpty(); token++) {
            int position = token;
            stepwise.step(test.tokens().get(position), position, test.gap(), (index, step) -> {
                check.after(step, position).ifPresent(found -> problems.add(problem(step, found)));
                return problems.isEmpty();
            });
        }
        if (!problems.isEmpty()) {
            return problems.stream().findFirst();
        }
        stepwise.step(test.tokens().get(last), last, test.gap(), (index, step) -> {
            check.after(step, last).ifPresent(found -> problems.add(problem(step, found)));
            for (SelfTest.Digest wanted : expected.getOrDefault(step.label(), List.of())) {
                var result = step.bindings().get(wanted.binding());
                float[] values = stepwise.readFloats(result, Math.toIntExact(result.bytes() / Float.BYTES));
                SelfTest.Digest found = SelfTest.Digest.of(step.label(), wanted.binding(), values);
                if (problems.isEmpty() && !wanted.agrees(found, TOLERANCE)) {
                    problems.add("The kernel " + step.kernel() + " computes " + step.label()
                            + " wrongly on this device: the norm is " + found.norm() + " and the elements begin "
                            + found.sample() + "; expected were " + wanted.norm() + " and " + wanted.sample() + ".");
                }
            }
            return problems.isEmpty();
        });
        return problems.stream().findFirst();
    }

    private static String problem(EntryPoint.Step step, FiniteCheck.Found found) {
        return "The kernel " + step.kernel() + " computes " + step.label() + " wrongly on this device: " + found
                + ", and all is finite where the test was made.";
    }
}
