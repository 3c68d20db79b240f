package dev.quern.reference;

import dev.quern.ir.Encoding;
import java.nio.ByteBuffer;

/**
 * The encodings of four and five bits, 32 elements a block. In this order a block holds
 *
 * <ul>
 *   <li>the scale {@code d}, a half;
 *   <li>in the encodings with a minimum, the minimum {@code m}, a half;
 *   <li>in the encodings of five bits, 32 bits of which bit {@code i} is the highest bit of element {@code i};
 *   <li>16 bytes, the low nibble of byte {@code i} for element {@code i}, the high one for element {@code i + 16}.
 * </ul>
 *
 * An element is {@code q * d + m} in the encodings with a minimum, otherwise {@code (q - middle) * d} with 8 or 16 as
 * the middle.
 */
enum NibbleCodec implements BlockEncoder {
    Q4_0(Encoding.Block.Q4_0, 4, false),
    Q4_1(Encoding.Block.Q4_1, 4, true),
    Q5_0(Encoding.Block.Q5_0, 5, false),
    Q5_1(Encoding.Block.Q5_1, 5, true);

    private static final int ELEMENTS = 32;

    private final Encoding.Block encoding;
    /** Half of the number of values of {@code q}: the value that stands for zero where there is no minimum. */
    private final int middle;

    private final boolean minimum;
    private final int highBitsAt;
    private final int nibblesAt;

    NibbleCodec(Encoding.Block encoding, int bits, boolean minimum) {
        this.encoding = encoding;
        this.middle = 1 << (bits - 1);
        this.minimum = minimum;
        this.highBitsAt = minimum ? 4 : 2;
        this.nibblesAt = bits == 5 ? highBitsAt + 4 : highBitsAt;
    }

    @Override
    public Encoding encoding() {
        return encoding;
    }

    @Override
    public void decode(ByteBuffer source, int offset, float[] target, int at) {
        float scale = Float.float16ToFloat(LittleEndian.getShort(source, offset));
        float least = minimum ? Float.float16ToFloat(LittleEndian.getShort(source, offset + 2)) : 0;
        int highBits = nibblesAt == highBitsAt ? 0 : LittleEndian.getInt(source, offset + highBitsAt);
        for (int element = 0; element < ELEMENTS; element++) {
            int pair = source.get(offset + nibblesAt + element % 16);
            int nibble = (element < 16 ? pair : pair >> 4) & 0xf;
            int quantum = nibble | ((highBits >>> element) & 1) << 4;
            target[at + element] = minimum ? quantum * scale + least : (quantum - middle) * scale;
        }
    }

    @Override
    public void encode(float[] source, int at, ByteBuffer target, int offset) {
        int[] quanta = minimum ? encodeRange(source, at, target, offset) : encodeCentred(source, at, target, offset);
        int highBits = 0;
        for (int element = 0; element < ELEMENTS; element++) {
            highBits |= (quanta[element] >>> 4) << element;
        }
        if (nibblesAt != highBitsAt) {
            LittleEndian.putInt(target, offset + highBitsAt, highBits);
        }
        for (int element = 0; element < 16; element++) {
            int pair = (quanta[element] & 0xf) | (quanta[element + 16] & 0xf) << 4;
            target.put(offset + nibblesAt + element, (byte) pair);
        }
    }

    /**
     * The element of the largest magnitude becomes quantum 0, whatever its sign: the scale takes the sign that this
     * needs.
     */
    private int[] encodeCentred(float[] source, int at, ByteBuffer target, int offset) {
        float largest = 0;
        for (int element = 0; element < ELEMENTS; element++) {
            if (Math.abs(source[at + element]) > Math.abs(largest)) {
                largest = source[at + element];
            }
        }
        float scale = largest / -middle;
        LittleEndian.putShort(target, offset, Float.floatToFloat16(scale));
        return quanta(source, at, 0, scale, middle + 0.5f);
    }

    private int[] encodeRange(float[] source, int at, ByteBuffer target, int offset) {
        float least = source[at];
        float greatest = source[at];
        for (int element = 1; element < ELEMENTS; element++) {
            // Comparisons, since Math.min holds -0 for smaller than 0 where ggml keeps the one that comes first.
            least = source[at + element] < least ? source[at + element] : least;
            greatest = source[at + element] > greatest ? source[at + element] : greatest;
        }
        float scale = (greatest - least) / (2 * middle - 1);
        LittleEndian.putShort(target, offset, Float.floatToFloat16(scale));
        LittleEndian.putShort(target, offset + 2, Float.floatToFloat16(least));
        return quanta(source, at, least, scale, 0.5f);
    }

    private int[] quanta(float[] source, int at, float least, float scale, float shift) {
        float inverse = scale == 0 ? 0 : 1 / scale;
        int[] quanta = new int[ELEMENTS];
        for (int element = 0; element < ELEMENTS; element++) {
            float steps = (source[at + element] - least) * inverse + shift;
            quanta[element] = Math.clamp((int) steps, 0, 2 * middle - 1);
        }
        return quanta;
    }
}
