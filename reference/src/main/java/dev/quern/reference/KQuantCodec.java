package dev.quern.reference;

import dev.quern.ir.Encoding;
import java.nio.ByteBuffer;

/**
 * The K-quants: 256 elements a block, in groups of 16 or 32 that have a scale of a few bits each; one or two halves
 * scale the scales.
 *
 * <p>The quanta lie in eight runs of 32 elements. Element {@code l} of run {@code r} is element {@code 32 r + l} of the
 * block. Its bits lie in the bytes whose index ends in {@code l}: byte {@code l} of each 32 bytes serves several runs,
 * each with bits of its own.
 *
 * <p>Products of a scale and the scale of a group are rounded to float before they meet a quantum, as in ggml.
 */
enum KQuantCodec implements BlockCodec {
    /**
     * Element = {@code d * s * q - m * t} with {@code q} from 0 to 3 and for each 16 elements {@code s} and {@code t}
     * from 0 to 15.
     *
     * <ul>
     *   <li>bytes 0 to 15: the groups, {@code s} in the low nibble, {@code t} in the high one;
     *   <li>bytes 16 to 79: two bits an element; byte {@code l} of the first 32 has those of runs 0 to 3 from its low
     *       end up, byte {@code l} of the last 32 those of runs 4 to 7;
     *   <li>bytes 80 and 82: {@code d} and {@code m}, halves.
     * </ul>
     */
    Q2_K(Encoding.Block.Q2_K) {
        @Override
        public void decode(ByteBuffer source, int offset, float[] target, int at) {
            float scale = half(source, offset + 80);
            float minimum = half(source, offset + 82);
            for (int group = 0; group < 16; group++) {
                int pair = source.get(offset + group);
                float groupScale = scale * (pair & 0xf);
                float groupMinimum = minimum * ((pair >> 4) & 0xf);
                int run = group / 2;
                int shift = 2 * (run % 4);
                int quantaAt = offset + 16 + 32 * (run / 4) + 16 * (group % 2);
                for (int element = 0; element < 16; element++) {
                    int quantum = (source.get(quantaAt + element) >> shift) & 3;
                    target[at + 16 * group + element] = groupScale * quantum - groupMinimum;
                }
            }
        }
    },

    /**
     * Element = {@code d * (s - 32) * (q - 4)} with {@code q} from 0 to 7 and for each 16 elements {@code s} from 0
     * to 63.
     *
     * <ul>
     *   <li>bytes 0 to 31: the highest bit of {@code q}; bit {@code r} of byte {@code l} for run {@code r};
     *   <li>bytes 32 to 95: the low two bits, as in Q2_K;
     *   <li>bytes 96 to 107: the groups. Bits 0 to 3 of {@code s} are nibbles of the first eight bytes, the low nibbles
     *       for groups 0 to 7, the high ones for groups 8 to 15; bits 4 and 5 are pairs of bits of the last four bytes,
     *       byte {@code g % 4} for group {@code g}, from its low end up;
     *   <li>byte 108: {@code d}, a half.
     * </ul>
     */
    Q3_K(Encoding.Block.Q3_K) {
        @Override
        public void decode(ByteBuffer source, int offset, float[] target, int at) {
            float scale = half(source, offset + 108);
            for (int group = 0; group < 16; group++) {
                int low = source.get(offset + 96 + group % 8) >> (4 * (group / 8));
                int high = source.get(offset + 104 + group % 4) >> (2 * (group / 4));
                float groupScale = scale * (((low & 0xf) | (high & 3) << 4) - 32);
                int run = group / 2;
                int shift = 2 * (run % 4);
                int highBitsAt = offset + 16 * (group % 2);
                int quantaAt = offset + 32 + 32 * (run / 4) + 16 * (group % 2);
                for (int element = 0; element < 16; element++) {
                    int lowBits = (source.get(quantaAt + element) >> shift) & 3;
                    int highBit = (source.get(highBitsAt + element) >> run) & 1;
                    target[at + 16 * group + element] = groupScale * ((lowBits | highBit << 2) - 4);
                }
            }
        }
    },

    /**
     * Element = {@code d * s * q - m * t} with {@code q} from 0 to 15 and for each run {@code s} and {@code t} from 0
     * to 63.
     *
     * <ul>
     *   <li>bytes 0 and 2: {@code d} and {@code m}, halves;
     *   <li>bytes 4 to 15: the runs, see {@link #groupScale} and {@link #groupMinimum};
     *   <li>bytes 16 to 143: byte {@code l} of each 32 has the quantum of an even run in its low nibble, that of the
     *       next run in the high one.
     * </ul>
     */
    Q4_K(Encoding.Block.Q4_K) {
        @Override
        public void decode(ByteBuffer source, int offset, float[] target, int at) {
            float scale = half(source, offset);
            float minimum = half(source, offset + 2);
            for (int run = 0; run < 8; run++) {
                float runScale = scale * groupScale(source, offset + 4, run);
                float runMinimum = minimum * groupMinimum(source, offset + 4, run);
                int shift = 4 * (run % 2);
                int quantaAt = offset + 16 + 32 * (run / 2);
                for (int element = 0; element < 32; element++) {
                    int quantum = (source.get(quantaAt + element) >> shift) & 0xf;
                    target[at + 32 * run + element] = runScale * quantum - runMinimum;
                }
            }
        }
    },

    /**
     * As Q4_K with {@code q} from 0 to 31: the highest bits of {@code q} are in bytes 16 to 47, bit {@code r} of byte
     * {@code l} for run {@code r}, and the nibbles follow in bytes 48 to 175.
     */
    Q5_K(Encoding.Block.Q5_K) {
        @Override
        public void decode(ByteBuffer source, int offset, float[] target, int at) {
            float scale = half(source, offset);
            float minimum = half(source, offset + 2);
            for (int run = 0; run < 8; run++) {
                float runScale = scale * groupScale(source, offset + 4, run);
                float runMinimum = minimum * groupMinimum(source, offset + 4, run);
                int shift = 4 * (run % 2);
                int quantaAt = offset + 48 + 32 * (run / 2);
                for (int element = 0; element < 32; element++) {
                    int nibble = (source.get(quantaAt + element) >> shift) & 0xf;
                    int highBit = (source.get(offset + 16 + element) >> run) & 1;
                    target[at + 32 * run + element] = runScale * (nibble | highBit << 4) - runMinimum;
                }
            }
        }
    },

    /**
     * Element = {@code d * s * (q - 32)} with {@code q} from 0 to 63 and for each 16 elements {@code s} from -128
     * to 127.
     *
     * <ul>
     *   <li>bytes 0 to 127: the low four bits of {@code q}. Of the first 64 bytes, the first 32 have run 0 in their low
     *       nibbles and run 2 in their high ones, the others runs 1 and 3; the last 64 bytes have runs 4 to 7 alike;
     *   <li>bytes 128 to 191: the high two bits, placed as the bits of Q2_K;
     *   <li>bytes 192 to 207: {@code s}, signed;
     *   <li>byte 208: {@code d}, a half.
     * </ul>
     */
    Q6_K(Encoding.Block.Q6_K) {
        @Override
        public void decode(ByteBuffer source, int offset, float[] target, int at) {
            float scale = half(source, offset + 208);
            for (int group = 0; group < 16; group++) {
                float groupScale = scale * source.get(offset + 192 + group);
                int run = group / 2;
                int shift = 4 * (run % 4 / 2);
                int highShift = 2 * (run % 4);
                int nibblesAt = offset + 64 * (run / 4) + 32 * (run % 2) + 16 * (group % 2);
                int highBitsAt = offset + 128 + 32 * (run / 4) + 16 * (group % 2);
                for (int element = 0; element < 16; element++) {
                    int nibble = (source.get(nibblesAt + element) >> shift) & 0xf;
                    int highBits = (source.get(highBitsAt + element) >> highShift) & 3;
                    target[at + 16 * group + element] = groupScale * ((nibble | highBits << 4) - 32);
                }
            }
        }
    };

    private final Encoding.Block encoding;

    KQuantCodec(Encoding.Block encoding) {
        this.encoding = encoding;
    }

    @Override
    public Encoding encoding() {
        return encoding;
    }

    private static float half(ByteBuffer source, int offset) {
        return Float.float16ToFloat(LittleEndian.getShort(source, offset));
    }

    /**
     * The six bits {@code s} of a run of Q4_K and Q5_K among twelve bytes. Runs 0 to 3: the low six bits of bytes 0
     * to 3. Runs 4 to 7: the low nibbles of bytes 8 to 11, and as bits 4 and 5 the two bits left over in bytes 0 to 3.
     */
    private static int groupScale(ByteBuffer source, int from, int run) {
        return run < 4
                ? source.get(from + run) & 0x3f
                : (source.get(from + 4 + run) & 0xf) | ((source.get(from + run - 4) >> 6) & 3) << 4;
    }

    /** The six bits {@code t}: as the scales, in bytes 4 to 7 and the high nibbles of bytes 8 to 11. */
    private static int groupMinimum(ByteBuffer source, int from, int run) {
        return run < 4
                ? source.get(from + 4 + run) & 0x3f
                : ((source.get(from + 4 + run) >> 4) & 0xf) | ((source.get(from + run) >> 6) & 3) << 4;
    }
}
