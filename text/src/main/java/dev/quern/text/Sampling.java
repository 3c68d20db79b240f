package dev.quern.text;

/**
 * How the next token is chosen.
 *
 * @param temperature 0 takes the likeliest token always; 1 draws as the model says; more flattens
 * @param topK only the k likeliest tokens may be drawn; 0 sets no limit
 * @param topP only the likeliest tokens that together have this probability may be drawn; 1 sets no limit
 * @param minP only tokens with at least this part of the best token's probability may be drawn; 0 sets no limit
 * @param repeatPenalty logits of tokens that stand among the last ones are divided by this if positive and multiplied
 *     if negative, before anything else looks at them; 1 leaves them alone
 * @param repeatLast how many tokens, of the prompt and of what was generated, count as the last ones
 * @param seed the same seed draws the same tokens from the same logits, on every host
 */
public record Sampling(
        float temperature, int topK, float topP, float minP, float repeatPenalty, int repeatLast, long seed) {
    /** How many tokens count as the last ones unless told. */
    public static final int REPEAT_LAST = 64;

    /** Always the likeliest token. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 0, 0);

    /** Without a penalty on tokens that were there before. */
    public Sampling(float temperature, int topK, float topP, float minP, long seed) {
        this(temperature, topK, topP, minP, 1, REPEAT_LAST, seed);
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    public Sampling {
        if (!(temperature >= 0) || Float.isInfinite(temperature)) {
            throw new IllegalArgumentException(
                    "The temperature is " + temperature + "; 0 or more is expected (0: greedy).");
        }
        if (topK < 0) {
            throw new IllegalArgumentException("top-k is " + topK + "; 0 or more is expected (0: no limit).");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException(
                    "top-p is " + topP + "; more than 0 and at most 1 is expected (1: no limit).");
        }
        if (!(minP >= 0 && minP <= 1)) {
            throw new IllegalArgumentException("min-p is " + minP + "; 0 to 1 is expected (0: no limit).");
        }
        if (!(repeatPenalty > 0) || Float.isInfinite(repeatPenalty)) {
            throw new IllegalArgumentException(
                    "The penalty on repetitions is " + repeatPenalty + "; more than 0 is expected (1: none).");
        }
        if (repeatLast < 0) {
            throw new IllegalArgumentException(
                    "The last " + repeatLast + " tokens cannot be looked at for repetitions; 0 or more is expected.");
        }
    }

    /** The same with another seed. */
    public Sampling withSeed(long other) {
        return new Sampling(temperature, topK, topP, minP, repeatPenalty, repeatLast, other);
    }

    /** Whether the likeliest token is taken always. */
    public boolean isGreedy() {
        return temperature == 0;
    }

    /** Whether tokens that were there before are chosen less often, or more. */
    public boolean penalisesRepetition() {
        return repeatPenalty != 1 && repeatLast > 0;
    }

    /** Whether the largest logit is the choice, so that nobody but the device need look at the others. */
    public boolean isLargestLogit() {
        return isGreedy() && !penalisesRepetition();
    }
}
