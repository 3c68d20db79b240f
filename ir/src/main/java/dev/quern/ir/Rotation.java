package dev.quern.ir;

/**
 * How heads are rotated. The frequency of pair {@code p} is {@code scale * base^(-2p / rotary)}, divided by factor
 * {@code p} where factors are given; elements from {@code rotary} on are left alone.
 *
 * @param headSize elements of a head
 * @param rotary elements that are rotated, even
 * @param base of the frequencies, 10,000 in the first models
 * @param scale of the position: 1, or 1 / factor for linear context extension
 * @param pairing which elements form pair {@code p}
 */
public record Rotation(int headSize, int rotary, float base, float scale, Pairing pairing) {

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

    public Rotation {
        if (rotary < 2 || rotary % 2 != 0 || rotary > headSize) {
            throw new IllegalArgumentException(
                    "the rotated part of a head must be even, at least 2 and at most the head (" + headSize + "), not "
                            + rotary);
        }
    }
}
