package dev.quern.ir;

import java.util.Optional;

/**
 * How the elements of a tensor are stored, in blocks of {@link #elements()} along the last axis, {@link #bytes()} each.
 *
 * <p>Quantisation is an encoding of the type, never a class of tensor and never a class of kernel.
 */
public sealed interface Encoding {

    /** The name in the text form, lower case: {@code f32}, {@code q4_0}. */
    String text();

    /** Elements in a block; 1 for scalars. */
    int elements();

    /** Bytes of a block. */
    int bytes();

    /** Bytes of {@code count} elements; {@code count} must be a multiple of {@link #elements()}. */
    default long bytesOf(long count) {
        if (count % elements() != 0) {
            throw new IllegalArgumentException(
                    count + " elements do not fill whole blocks of " + text() + " (" + elements() + " elements each)");
        }
        return Math.multiplyExact(count / elements(), bytes());
    }

    /** The encoding of that name, if there is one. */
    static Optional<Encoding> named(String text) {
        for (Encoding encoding : Scalar.values()) {
            if (encoding.text().equals(text)) {
                return Optional.of(encoding);
            }
        }
        for (Encoding encoding : Block.values()) {
            if (encoding.text().equals(text)) {
                return Optional.of(encoding);
            }
        }
        return Optional.empty();
    }

    /** One element a block. */
    enum Scalar implements Encoding {
        F32("f32", 4),
        F16("f16", 2),
        BF16("bf16", 2),
        U32("u32", 4);

        private final String text;
        private final int bytes;

        Scalar(String text, int bytes) {
            this.text = text;
            this.bytes = bytes;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public int elements() {
            return 1;
        }

        @Override
        public int bytes() {
            return bytes;
        }
    }

    /** Several elements that share a scale. The layouts are those of ggml's {@code block_*} structures. */
    enum Block implements Encoding {
        Q4_0("q4_0", 32, 18),
        Q4_1("q4_1", 32, 20),
        Q5_0("q5_0", 32, 22),
        Q5_1("q5_1", 32, 24),
        Q8_0("q8_0", 32, 34),
        Q2_K("q2_k", 256, 84),
        Q3_K("q3_k", 256, 110),
        Q4_K("q4_k", 256, 144),
        Q5_K("q5_k", 256, 176),
        Q6_K("q6_k", 256, 210),
        IQ4_NL("iq4_nl", 32, 18),
        IQ4_XS("iq4_xs", 256, 136),
        MXFP4("mxfp4", 32, 17);

        private final String text;
        private final int elements;
        private final int bytes;

        Block(String text, int elements, int bytes) {
            this.text = text;
            this.elements = elements;
            this.bytes = bytes;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public int elements() {
            return elements;
        }

        @Override
        public int bytes() {
            return bytes;
        }
    }
}
