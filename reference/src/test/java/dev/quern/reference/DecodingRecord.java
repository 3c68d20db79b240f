package dev.quern.reference;

import dev.quern.ir.Encoding;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/**
 * What ggml decodes a thousand blocks of each encoding to, as digests, for machines that do not have ggml. All bits of
 * the blocks are random; NaNs count as equal, since processors give them different signs and payloads.
 */
public final class DecodingRecord {
    private static final int BLOCKS = 1000;

    private DecodingRecord() {}

    /** The blocks, the same on every machine. */
    public static byte[] blocks(Encoding encoding) {
        byte[] blocks = new byte[BLOCKS * encoding.bytes()];
        new Random(1000).nextBytes(blocks);
        return blocks;
    }

    /** The first half of the SHA-256 of the elements' bits. */
    public static String digest(float[] elements) {
        ByteBuffer bits = ByteBuffer.allocate(elements.length * Float.BYTES);
        for (float element : elements) {
            bits.putInt(Float.floatToIntBits(element));
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bits.array());
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The digest of the elements that ggml decodes {@link #blocks} to. */
    public static String expected(Encoding.Block encoding) {
        return switch (encoding) {
            case Q4_0 -> "b8848e408dc81ffcde649f1b485c07c1";
            case Q4_1 -> "2ffb59aeb207745919b22396c7696138";
            case Q5_0 -> "580016387e4f9628b060b78a23bea718";
            case Q5_1 -> "8e0bd4983426e72ce5ea568faadad381";
            case Q8_0 -> "29d12adca8fb7f7a43bcf702e456caad";
            case Q2_K -> "8517fee46c25213e7b06898efcf5697e";
            case Q3_K -> "ebda8d1e5efbf873becd7ecff5971335";
            case Q4_K -> "601a6c897428350182626802f27b910a";
            case Q5_K -> "432b240145147bdfe7f696477f3d71ee";
            case Q6_K -> "c99ca3e112b1964f42e30a1a42b88a4c";
            case IQ4_NL -> "dec7cbf1918b8c769e835a34fda858ba";
            case IQ4_XS -> "53a8392f821eaca94181ee56e5a20b35";
            case MXFP4 -> "4a48779cc9e7132e83d5543eb448f44b";
        };
    }
}
