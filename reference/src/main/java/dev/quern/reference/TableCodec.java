package dev.quern.reference;

import dev.quern.ir.Encoding;
import java.nio.ByteBuffer;

/**
 * The encodings whose nibbles index a table of 16 values. Each 32 elements have 16 bytes: the low nibble of byte
 * {@code i} is for element {@code i}, the high one for element {@code i + 16}.
 */
enum TableCodec implements BlockCodec {
    /** 32 elements {@code d * curve[q]}: bytes 0 and 1 are {@code d}, a half; bytes 2 to 17 the nibbles. */
    IQ4_NL(Encoding.Block.IQ4_NL) {
        @Override
        public void decode(ByteBuffer source, int offset, float[] target, int at) {
            lookUp(source, offset + 2, CURVE, Float.float16ToFloat(LittleEndian.getShort(source, offset)), target, at);
        }
    },

    /**
     * 256 elements {@code d * (s - 32) * curve[q]}, with {@code s} from 0 to 63 for each group of 32.
     *
     * <ul>
     *   <li>bytes 0 and 1: {@code d}, a half;
     *   <li>bytes 2 and 3: 16 bits, of which bits {@code 2 g} and {@code 2 g + 1} are bits 4 and 5 of {@code s} for
     *       group {@code g};
     *   <li>bytes 4 to 7: the low four bits of {@code s}, the low nibble of the first byte for group 0, its high one
     *       for group 1, and so on;
     *   <li>bytes 8 to 135: the nibbles, group after group.
     * </ul>
     */
    IQ4_XS(Encoding.Block.IQ4_XS) {
        @Override
        public void decode(ByteBuffer source, int offset, float[] target, int at) {
            float scale = Float.float16ToFloat(LittleEndian.getShort(source, offset));
            int highBits = LittleEndian.getShort(source, offset + 2);
            for (int group = 0; group < 8; group++) {
                int low = (source.get(offset + 4 + group / 2) >> (4 * (group % 2))) & 0xf;
                int high = (highBits >> (2 * group)) & 3;
                float groupScale = scale * ((low | high << 4) - 32);
                lookUp(source, offset + 8 + 16 * group, CURVE, groupScale, target, at + 32 * group);
            }
        }
    },

    /**
     * 32 elements in the microscaling format of the Open Compute Project: {@code 2^(e - 127)} times a float of one sign
     * bit, two bits of exponent and one bit of fraction. Byte 0 is {@code e}, bytes 1 to 16 are the nibbles. The table
     * has the doubles of the values, which are integers, and the scale is halved for it. Minus zero decodes to zero;
     * {@code e} = 255, no number in the standard, is one here.
     */
    MXFP4(Encoding.Block.MXFP4) {
        @Override
        public void decode(ByteBuffer source, int offset, float[] target, int at) {
            lookUp(source, offset + 1, DOUBLED_FLOATS, halfOfPowerOfTwo(source.get(offset) & 0xff), target, at);
        }
    };

    /** Finer near zero, where most weights of a model are. */
    private static final int[] CURVE = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    private static final int[] DOUBLED_FLOATS = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    private final Encoding.Block encoding;

    TableCodec(Encoding.Block encoding) {
        this.encoding = encoding;
    }

    @Override
    public Encoding encoding() {
        return encoding;
    }

    private static void lookUp(ByteBuffer source, int from, int[] table, float scale, float[] target, int at) {
        for (int element = 0; element < 16; element++) {
            int pair = source.get(from + element);
            target[at + element] = table[pair & 0xf] * scale;
            target[at + element + 16] = table[(pair >> 4) & 0xf] * scale;
        }
    }

    /** {@code 2^(exponent - 128)}; the two smallest are subnormal. */
    private static float halfOfPowerOfTwo(int exponent) {
        return Float.intBitsToFloat(exponent < 2 ? 0x0020_0000 << exponent : (exponent - 1) << 23);
    }
}
