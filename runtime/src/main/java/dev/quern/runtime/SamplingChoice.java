package dev.quern.runtime;

import dev.quern.plan.bundle.SamplingAdvice;
import dev.quern.text.Sampling;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of how tokens are chosen; null where it says nothing. The numbers are those of {@link Sampling}.
 */
public record SamplingChoice(
        @Nullable Float temperature,
        @Nullable Integer topK,
        @Nullable Float topP,
        @Nullable Float minP,
        @Nullable Float repeatPenalty,
        @Nullable Integer repeatLast,
        @Nullable Long seed) {
    /** Of requests that say nothing. */
    public static final SamplingChoice NONE = new SamplingChoice(null, null, null, null, null, null, null);

    /**
     * How to continue a text: by the likeliest token, unless a temperature is given, or something that matters only
     * where tokens are drawn.
     *
     * @param drawnSeed the seed where none is given
     */
    public Sampling forText(long drawnSeed) {
        boolean draws = topK != null || topP != null || minP != null || seed != null;
        return over(
                draws || (temperature != null && temperature > 0) ? Defaults.drawnText() : Defaults.text(), drawnSeed);
    }

    /**
     * How to choose an answer in a chat. Who asks for the temperature 0 wants the likeliest token: then only what is
     * given besides holds.
     *
     * @param drawnSeed the seed where none is given
     */
    public Sampling forChat(SamplingAdvice advice, long drawnSeed) {
        boolean greedy = temperature != null && temperature == 0;
        return over(greedy ? Defaults.text() : Defaults.chat(advice), drawnSeed);
    }

    private Sampling over(Sampling base, long drawnSeed) {
        return new Sampling(
                temperature == null ? base.temperature() : temperature,
                topK == null ? base.topK() : topK,
                topP == null ? base.topP() : topP,
                minP == null ? base.minP() : minP,
                repeatPenalty == null ? base.repeatPenalty() : repeatPenalty,
                repeatLast == null ? base.repeatLast() : repeatLast,
                seed == null ? drawnSeed : seed);
    }
}
