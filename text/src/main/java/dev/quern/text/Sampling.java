package dev.quern.text;

/**
 * How the next token is chosen.
 *
 * @param temperature 0 takes the likeliest token always; 1 draws as the model says; more flattens
 * @param topK only the k likeliest tokens may be drawn; 0 sets no limit
 * @param topP only the likeliest tokens that together have this probability may be drawn; 1 sets no limit
 * @param minP only tokens with at least this part of the best token's probability may be drawn; 0 sets no limit
 * @param seed the same seed draws the same tokens from the same logits, on every host
 */
public record Sampling(float temperature, int topK, float topP, float minP, long seed) {
    /** Always the likeliest token. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 0, 0);

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
    }

    /** Whether the likeliest token is taken always. */
    public boolean isGreedy() {
        return temperature == 0;
    }
}
