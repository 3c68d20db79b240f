package dev.quern.plan.bundle;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How tokens of a model are best chosen, as its publishers advise. What is empty they left open.
 *
 * @param temperature 0 or more
 * @param topK 0 or more; 0 sets no limit
 * @param topP more than 0, at most 1
 * @param minP 0 to 1
 * @param repeatPenalty more than 0; 1 is none
 * @param repeatLast how many of the last tokens the penalty is for
 */
public record SamplingAdvice(
        OptionalDouble temperature,
        OptionalInt topK,
        OptionalDouble topP,
        OptionalDouble minP,
        OptionalDouble repeatPenalty,
        OptionalInt repeatLast) {
    /** Of models that advise nothing. */
    public static final SamplingAdvice NONE = new SamplingAdvice(
            OptionalDouble.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalInt.empty());

    /** Whether nothing is advised. */
    public boolean isEmpty() {
        return equals(NONE);
    }
}
