package dev.quern.ir;

import java.util.Optional;

/**
 * How heads are rotated. The frequency of pair {@code p} is {@code scale * base^(-2p / rotary)}, divided by factor
 * {@code p} where factors are given; elements from {@code rotary} on are left alone. With {@link Yarn} the scale holds
 * for some pairs only.
 *
 * @param headSize elements of a head
 * @param rotary elements that are rotated, even
 * @param base of the frequencies, 10,000 in the first models
 * @param scale of the position: 1, or 1 / factor for a context that was extended
 * @param pairing which elements form pair {@code p}
 * @param yarn which pairs are scaled; all, if absent
 * @param magnitude by which cosines and sines are multiplied, and so the rotated elements: 1, or what extending the
 *     context calls for
 */
public record Rotation(
        int headSize, int rotary, float base, float scale, Pairing pairing, Optional<Yarn> yarn, float magnitude) {

    /** Which elements of a head form pair {@code p}. */
    public enum Pairing {
        /** {@code (2p, 2p + 1)}: Llama and Mistral as GGUF files store them. */
        ADJACENT("adjacent"),
        /** {@code (p, p + rotary / 2)}: GPT-NeoX, Qwen, Phi, Gemma. */
        HALVES("halves");

        private final String text;

        Pairing(String text) {
            this.text = text;
        }

        /** The name in the text form. */
        public String text() {
            return text;
        }
    }

    /**
     * Extends the context by slowing down the slow pairs and leaving the fast ones alone. Pair {@code p} turns
     * {@code r} times in {@code originalContext} positions where {@code p = rotary * ln(originalContext / (2 pi r)) /
     * (2 ln base)}. Let {@code first} be that for {@code betaFast} turns, rounded down, at least 0; {@code last} that
     * for {@code betaSlow} turns, rounded up, at most {@code rotary - 1}; {@code m = clamp((p - first) /
     * max(0.001, last - first), 0, 1)}. Then the frequency is {@code (1 - m + m * scale) * base^(-2p / rotary)}:
     * unscaled up to {@code first}, scaled from {@code last} on.
     *
     * @param originalContext positions of the context that the model was trained on first
     * @param betaFast turns in that context from which a pair counts as fast
     * @param betaSlow turns up to which it counts as slow
     */
    public record Yarn(int originalContext, float betaFast, float betaSlow) {
        public Yarn {
            if (originalContext < 1) {
                throw new IllegalArgumentException(
                        "the original context must be at least one position, not " + originalContext);
            }
        }
    }

    public Rotation {
        if (rotary < 2 || rotary % 2 != 0 || rotary > headSize) {
            throw new IllegalArgumentException(
                    "the rotated part of a head must be even, at least 2 and at most the head (" + headSize + "), not "
                            + rotary);
        }
    }

    /** A rotation whose frequencies all have one scale, and that leaves lengths as they are. */
    public Rotation(int headSize, int rotary, float base, float scale, Pairing pairing) {
        this(headSize, rotary, base, scale, pairing, Optional.empty(), 1);
    }
}
