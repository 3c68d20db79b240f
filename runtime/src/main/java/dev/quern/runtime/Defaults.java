package dev.quern.runtime;

import dev.quern.plan.bundle.SamplingAdvice;
import dev.quern.text.Sampling;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What holds where a request says nothing: one set for the command, the package and the page. The table in
 * {@code docs/generating.md} shows it.
 */
public final class Defaults {
    /** Tokens of a continued text, at most. */
    public static final int TEXT_TOKENS = 256;

    /** Tokens of an answer in a chat, at most. */
    public static final int CHAT_TOKENS = 512;

    /** The temperature of a chat; of a text, where it is to be drawn and nothing says how freely. */
    public static final float TEMPERATURE = 0.7f;

    /** Of a chat whose model advises nothing. */
    public static final int TOP_K = 40;

    /** Of a chat whose model advises nothing. */
    public static final float TOP_P = 0.95f;

    /** Of a chat whose model advises nothing. */
    public static final float MIN_P = 0.05f;

    /** Of a chat whose model advises nothing. */
    public static final float REPEAT_PENALTY = 1.1f;

    /** Of what follows, none sets any limit: the distribution is the model's own. */
    private static final Sampling OPEN = new Sampling(TEMPERATURE, 0, 1, 0, 0);

    private static final Sampling CHAT =
            new Sampling(TEMPERATURE, TOP_K, TOP_P, MIN_P, REPEAT_PENALTY, Sampling.REPEAT_LAST, 0);

    private Defaults() {}

    /** How text is continued unless it is said: always by the likeliest token. */
    static Sampling text() {
        return Sampling.GREEDY;
    }

    /** How text is continued where it is to be drawn. */
    static Sampling drawnText() {
        return OPEN;
    }

    /**
     * How answers in a chat are chosen: as the model advises, where it advises anything; what it leaves open is off.
     */
    static Sampling chat(SamplingAdvice advice) {
        return advice.isEmpty()
                ? CHAT
                : new Sampling(
                        or(advice.temperature(), OPEN.temperature()),
                        or(advice.topK(), OPEN.topK()),
                        or(advice.topP(), OPEN.topP()),
                        or(advice.minP(), OPEN.minP()),
                        or(advice.repeatPenalty(), OPEN.repeatPenalty()),
                        or(advice.repeatLast(), OPEN.repeatLast()),
                        0);
    }

    private static float or(OptionalDouble value, float otherwise) {
        return value.isPresent() ? (float) value.getAsDouble() : otherwise;
    }

    private static int or(OptionalInt value, int otherwise) {
        return value.orElse(otherwise);
    }
}
