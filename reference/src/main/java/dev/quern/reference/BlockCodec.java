package dev.quern.reference;

import dev.quern.ir.Encoding;
import java.nio.ByteBuffer;

/**
 * Decodes one block of an encoding; a scalar is a block of one element. Multi-byte fields are little endian, whatever
 * the order of the buffer. Decoding gives the bits of ggml's {@code to_float}. Where there is a way back, the codec is
 * a {@link BlockEncoder}.
 */
public interface BlockCodec {

    /** What this codec reads. */
    Encoding encoding();

    /**
     * Decodes one block.
     *
     * @param source holds the block at {@code offset}, {@link Encoding#bytes()} long; its position is neither read nor
     *     changed
     * @param target receives {@link Encoding#elements()} elements from index {@code at} on
     */
    void decode(ByteBuffer source, int offset, float[] target, int at);

    /** Decodes one block from an array of bytes. */
    default void decode(byte[] source, int offset, float[] target, int at) {
        decode(ByteBuffer.wrap(source), offset, target, at);
    }

    /**
     * Decodes a buffer from index 0 to its limit, which must be whole blocks.
     *
     * @param target receives the elements from index {@code at} on
     * @return the index after the last element
     */
    default int decode(ByteBuffer source, float[] target, int at) {
        int bytes = encoding().bytes();
        int blocks = source.limit() / bytes;
        if (blocks * bytes != source.limit()) {
            throw new IllegalArgumentException(source.limit() + " bytes are not whole blocks of "
                    + encoding().text() + " (" + bytes + " bytes each).");
        }
        for (int block = 0; block < blocks; block++) {
            decode(source, block * bytes, target, at + block * encoding().elements());
        }
        return at + blocks * encoding().elements();
    }

    /** All elements of a buffer, from index 0 to its limit, which must be whole blocks. */
    default float[] decode(ByteBuffer source) {
        int blocks = source.limit() / encoding().bytes();
        float[] target = new float[Math.multiplyExact(blocks, encoding().elements())];
        decode(source, target, 0);
        return target;
    }

    /**
     * The codec of an encoding.
     *
     * @throws IllegalArgumentException for u32, whose elements are no floats
     */
    static BlockCodec of(Encoding encoding) {
        return switch (encoding) {
            case Encoding.Scalar scalar ->
                switch (scalar) {
                    case F32 -> ScalarCodec.F32;
                    case F16 -> ScalarCodec.F16;
                    case BF16 -> ScalarCodec.BF16;
                    case U32 -> throw new IllegalArgumentException("u32 holds integers; there is nothing to decode.");
                };
            case Encoding.Block block ->
                switch (block) {
                    case Q4_0 -> NibbleCodec.Q4_0;
                    case Q4_1 -> NibbleCodec.Q4_1;
                    case Q5_0 -> NibbleCodec.Q5_0;
                    case Q5_1 -> NibbleCodec.Q5_1;
                    case Q8_0 -> ByteCodec.Q8_0;
                    case Q2_K -> KQuantCodec.Q2_K;
                    case Q3_K -> KQuantCodec.Q3_K;
                    case Q4_K -> KQuantCodec.Q4_K;
                    case Q5_K -> KQuantCodec.Q5_K;
                    case Q6_K -> KQuantCodec.Q6_K;
                    case IQ4_NL -> TableCodec.IQ4_NL;
                    case IQ4_XS -> TableCodec.IQ4_XS;
                    case MXFP4 -> TableCodec.MXFP4;
                };
        };
    }
}
