package dev.quern.codegen;

import dev.quern.ir.Encoding;
import dev.quern.reference.BlockEncoder;
import dev.quern.reference.Halves;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Bytes of weights such as model files hold. */
final class RandomWeights {
    private RandomWeights() {}

    /** Encoded elements: every bit of the quants random, which an encoder would not give, scales and minima between -1 and 1. */
    static ByteBuffer bytes(Random random, Encoding encoding, int count) {
        return switch (encoding) {
            case Encoding.Scalar scalar ->
                ByteBuffer.wrap(BlockEncoder.of(scalar).encode(Program.gaussian(random, count)))
                        .order(ByteOrder.LITTLE_ENDIAN);
            case Encoding.Block block -> {
                byte[] bytes = new byte[count / block.elements() * block.bytes()];
                random.nextBytes(bytes);
                ByteBuffer blocks = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
                for (int start = 0; start < bytes.length; start += block.bytes()) {
                    for (int scale = 0; scale < scales(block); scale++) {
                        blocks.putShort(start + 2 * scale, Halves.floatToHalf(2 * random.nextFloat() - 1));
                    }
                }
                yield blocks;
            }
        };
    }

    /** Halves at the head of a block. */
    private static int scales(Encoding.Block encoding) {
        return switch (encoding) {
            case Q4_0, Q5_0, Q8_0 -> 1;
            case Q4_1, Q5_1 -> 2;
            case Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4 ->
                throw new UnsupportedOperationException("not built: " + encoding);
        };
    }
}
