package dev.quern.passes;

import dev.quern.ir.Module;
import dev.quern.ir.verify.VerificationException;
import dev.quern.ir.verify.Verifier;
import java.util.ArrayList;
import java.util.List;

/**
 * Passes in order, each with the reason for its place. The verifier runs before the first and, unless a caller asks for
 * less, after every one.
 *
 * @param steps what is run
 */
public record Pipeline(List<Step> steps) {
    public Pipeline {
        steps = List.copyOf(steps);
    }

    /**
     * A pass and why it stands where it stands.
     *
     * @param pass what is run
     * @param reason a full sentence
     */
    public record Step(Pass pass, String reason) {}

    /** When the verifier runs. */
    public enum Verification {
        /** Before the first pass and after every one: the pass that does harm is named. */
        EACH,
        /** Before the first pass and after the last: what a pass breaks and a later one mends is not seen. */
        ENDS
    }

    /** The names of the passes in order. */
    public List<String> names() {
        return steps.stream().map(step -> step.pass().name()).toList();
    }

    /** The first passes only, to find the one that does harm. */
    public Pipeline limit(int count) {
        return new Pipeline(steps.subList(0, Math.clamp(count, 0, steps.size())));
    }

    /**
     * The passes of these names, in the order of the names.
     *
     * @throws IllegalArgumentException if this pipeline has no pass of a name
     */
    public Pipeline only(List<String> names) {
        List<Step> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(steps.stream()
                    .filter(step -> step.pass().name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no pass " + name + " here; there are "
                            + String.join(", ", names().stream().distinct().toList()))));
        }
        return new Pipeline(chosen);
    }

    /** Runs all passes, unobserved. */
    public Module run(Module module) {
        return run(module, new PassReport(), PassObserver.NONE);
    }

    /**
     * Runs all passes, verifying after each.
     *
     * @throws VerificationException headed "after NAME" if a result breaks a rule of the intermediate representation
     */
    public Module run(Module module, PassReport report, PassObserver observer) {
        return run(module, report, observer, Verification.EACH);
    }

    /**
     * Runs all passes.
     *
     * @throws VerificationException if a result breaks a rule of the intermediate representation; headed "after NAME",
     *     or "after the last pass" where only that result is verified
     */
    public Module run(Module module, PassReport report, PassObserver observer, Verification verification) {
        Verifier.verify("before the first pass", module);
        Module current = module;
        for (int index = 0; index < steps.size(); index++) {
            Pass pass = steps.get(index).pass();
            Module before = current;
            long nanoseconds;
            try {
                long start = System.nanoTime();
                current = pass.run(before, report);
                nanoseconds = System.nanoTime() - start;
                if (verification == Verification.EACH) {
                    Verifier.verify("after " + pass.name(), current);
                }
            } catch (RuntimeException problem) {
                observer.failed(index, pass.name(), before, problem);
                throw problem;
            }
            observer.ran(index, pass.name(), before, current, nanoseconds);
        }
        if (verification == Verification.ENDS) {
            Verifier.verify("after the last pass", current);
        }
        return current;
    }
}
