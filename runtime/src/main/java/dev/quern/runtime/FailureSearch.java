package dev.quern.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds where arithmetic failed, once a step has left logits that are not finite. Keys or values may have been spoilt
 * long before, by a token of the prompt: the states tell the first position that was. Its token is read again, dispatch
 * by dispatch, until one leaves what is not finite. For hosts on which reads wait.
 */
final class FailureSearch {
    private FailureSearch() {}

    /**
     * Searches; states behind the position that is found are overwritten.
     *
     * @param tokens those at the positions from 0 on; the step that read the last has failed
     * @return what to throw
     */
    static NotFiniteException find(Executor executor, List<Integer> tokens) {
        var check = new FiniteCheck(executor);
        int position = Math.min(check.firstOfStates(tokens), tokens.size() - 1);
        int token = tokens.get(position);
        List<String> messages = new ArrayList<>();
        check.stepwise().step(token, position, (index, step) -> {
            check.after(step, position)
                    .ifPresent(found -> messages.add(found + ", written by dispatch " + index + " of step, the kernel "
                            + step.kernel() + ". " + advice(found)));
            return messages.isEmpty();
        });
        String what = messages.isEmpty()
                ? "a number was not finite, and is when it is computed again. Does 'quern verify --device' find the"
                        + " device to compute wrongly?"
                : messages.getFirst();
        return new NotFiniteException(
                position, "The arithmetic failed at position " + position + ", token " + token + ": " + what);
    }

    private static String advice(FiniteCheck.Found found) {
        return found.kept()
                .filter(kept -> kept.largest().isPresent())
                .map(kept -> "Keys or values leave the range of " + kept.text() + ", which ends at "
                        + kept.largest().getAsLong() + ": compile the model with --cache f32.")
                .orElse("Weights may be damaged, or the device may compute wrongly: 'quern verify --weights' looks at a"
                        + " model file, 'quern verify --device' tries a bundle on the device.");
    }
}
