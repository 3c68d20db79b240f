package dev.quern.gguf.architecture;

import dev.quern.gguf.Finding;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.Quote;
import java.util.Optional;

/**
 * Looks for weights that are NaN or infinite: one of them turns every logit into NaN. Of encodings in blocks it looks
 * at the scales, which is enough: a block decodes to such a number only if one of them is, or, in MXFP4, if a scale
 * near the end of the range has large codes beside it. Whoever reads a tensor's bytes anyway has them looked at here.
 */
public final class FiniteWeights {
    private static final int HALF = 0x7c;
    private static final int UPPER = 0x7f;
    private static final int LOWER = 0x80;

    /** The exponent of MXFP4 that is no number, and the smallest that takes some code out of the range of f32. */
    private static final int NO_EXPONENT = 0xff;

    private static final int LARGE_EXPONENT = 0xfd;

    private FiniteWeights() {}

    /**
     * The floating-point numbers of one block, by what of them is all ones where they are no finite numbers.
     *
     * @param bytes of a number
     * @param high the bits of its exponent in its last byte
     * @param low those in the byte before
     * @param first where in the block the first of them begins
     * @param count how many follow each other there
     */
    private record Numbers(int bytes, int high, int low, int first, int count) {
        /** Where in the data the first number of a block lies that is not finite, or -1. */
        int find(byte[] data, int block) {
            int place = block + first;
            for (int number = 0; number < count; number++) {
                int last = place + bytes - 1;
                if ((data[last] & high) == high && (low == 0 || (data[last - 1] & low) == low)) {
                    return place;
                }
                place += bytes;
            }
            return -1;
        }
    }

    /** The numbers of one block; none for types whose blocks are not known well enough to look. */
    private static Optional<Numbers> numbers(GgufTensorType type) {
        return switch (type) {
            case F32 -> Optional.of(new Numbers(4, UPPER, LOWER, 0, 1));
            case BF16 -> Optional.of(new Numbers(2, UPPER, LOWER, 0, 1));
            case F16, Q4_0, Q5_0, Q8_0, IQ4_NL, Q1_0, Q2_0 -> Optional.of(new Numbers(2, HALF, 0, 0, 1));
            case IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ1_S, IQ4_XS -> Optional.of(new Numbers(2, HALF, 0, 0, 1));
            case Q4_1, Q5_1, Q4_K, Q5_K -> Optional.of(new Numbers(2, HALF, 0, 0, 2));
            case Q2_K -> Optional.of(new Numbers(2, HALF, 0, 80, 2));
            case Q3_K -> Optional.of(new Numbers(2, HALF, 0, 108, 1));
            case Q6_K -> Optional.of(new Numbers(2, HALF, 0, 208, 1));
            // Four exponents have these bits, of which the block itself tells.
            case MXFP4 -> Optional.of(new Numbers(1, LARGE_EXPONENT & 0xfe, 0, 0, 1));
            case Q8_1, Q8_K, I8, I16, I32, I64, F64, IQ1_M, TQ1_0, TQ2_0, NVFP4 -> Optional.empty();
        };
    }

    /** Whether the type's numbers are known. */
    static boolean canLook(GgufTensorType type) {
        return numbers(type).isPresent();
    }

    /**
     * Refuses the file where a number is NaN or infinite.
     *
     * @param start where in the tensor's data the bytes begin, at the beginning of a block
     * @param data holds the bytes from index {@code from}
     * @param count whole blocks
     * @throws GgufException naming tensor, element and offset
     */
    public static void require(GgufTensor tensor, long start, byte[] data, int from, int count) {
        Optional<Finding> found = find(tensor, start, data, from, count);
        if (found.isPresent()) {
            throw new GgufException(found.get().where(), found.get().message());
        }
    }

    /** What is said of the first number that is NaN or infinite; the parameters are those of {@link #require}. */
    static Optional<Finding> find(GgufTensor tensor, long start, byte[] data, int from, int count) {
        Numbers numbers = numbers(tensor.type()).orElse(null);
        if (numbers == null) {
            return Optional.empty();
        }
        int block = tensor.type().blockBytes();
        for (int at = from; at < from + count; at += block) {
            int place = numbers.find(data, at);
            if (place >= 0 && (tensor.type() != GgufTensorType.MXFP4 || overflows(data, at))) {
                return Optional.of(finding(tensor, start + (at - from), place - at, isNan(data, place, numbers)));
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a block of MXFP4 has elements beyond the range of f32. Its codes stand for 0, 1, 2, 3, 4, 6, 8 and 12 and
     * their negatives, times two to the exponent less 128. The largest exponent is refused whatever the codes are: it
     * means that there is no number.
     */
    private static boolean overflows(byte[] data, int block) {
        int exponent = data[block] & 0xff;
        if (exponent < LARGE_EXPONENT || exponent == NO_EXPONENT) {
            return exponent == NO_EXPONENT;
        }
        int least = exponent == LARGE_EXPONENT ? 6 : 4;
        for (int at = block + 1; at < block + GgufTensorType.MXFP4.blockBytes(); at++) {
            if ((data[at] & 7) >= least || (data[at] >> 4 & 7) >= least) {
                return true;
            }
        }
        return false;
    }

    private static Finding finding(GgufTensor tensor, long block, int offset, boolean isNan) {
        int elements = tensor.type().blockElements();
        long first = block / tensor.type().blockBytes() * elements;
        String subject = elements == 1
                ? "Element " + first
                : "A scale of " + tensor.type() + ", that of elements " + first + " to " + (first + elements - 1) + ",";
        return Finding.error(
                "offset " + (tensor.offset() + block + offset) + ", tensor " + Quote.of(tensor.name()),
                subject + " is " + (isNan ? "NaN" : "infinite") + ", so the model would compute nothing else. The file"
                        + " is damaged, or was converted wrongly: fetch or convert it again.");
    }

    /**
     * Whether what is not finite has more bits set than infinity; of an exponent alone, whether it means that there is
     * no number.
     */
    private static boolean isNan(byte[] data, int place, Numbers numbers) {
        if (numbers.bytes() == 1) {
            return (data[place] & 0xff) == NO_EXPONENT;
        }
        int last = place + numbers.bytes() - 1;
        boolean rest = (data[last] & UPPER & ~numbers.high()) != 0;
        for (int at = place; at < last; at++) {
            rest |= (data[at] & ~(at == last - 1 ? numbers.low() : 0) & 0xff) != 0;
        }
        return rest;
    }
}
