package dev.quern.reference;

import dev.quern.ir.Encoding;
import java.nio.ByteBuffer;

/**
 * A codec that encodes too, with the bits of ggml's reference quantisers. Floats and the encodings of blocks of 32 with
 * plain scales have one. The others are made by searching for good scales, which is the work of the tools that quantise
 * models; here they are only decoded.
 */
public interface BlockEncoder extends BlockCodec {

    /**
     * Encodes one block.
     *
     * @param source holds {@link Encoding#elements()} elements from index {@code at} on
     * @param target receives {@link Encoding#bytes()} bytes at {@code offset}; its position is neither read nor changed
     */
    void encode(float[] source, int at, ByteBuffer target, int offset);

    /** All elements of an array, which must fill whole blocks, encoded. */
    default byte[] encode(float[] source) {
        byte[] target = new byte[Math.toIntExact(encoding().bytesOf(source.length))];
        ByteBuffer view = ByteBuffer.wrap(target);
        for (int block = 0; block < source.length / encoding().elements(); block++) {
            encode(
                    source,
                    block * encoding().elements(),
                    view,
                    block * encoding().bytes());
        }
        return target;
    }

    /** The elements as they are after being encoded and decoded again. */
    default float[] round(float[] source) {
        return decode(ByteBuffer.wrap(encode(source)));
    }

    /**
     * The encoder of an encoding. Whether there is one, {@code BlockCodec.of(encoding) instanceof BlockEncoder} tells.
     *
     * @throws IllegalArgumentException for encodings that are only decoded, and for u32
     */
    static BlockEncoder of(Encoding encoding) {
        if (BlockCodec.of(encoding) instanceof BlockEncoder encoder) {
            return encoder;
        }
        throw new IllegalArgumentException(encoding.text() + " is decoded only; nothing here encodes it.");
    }
}
