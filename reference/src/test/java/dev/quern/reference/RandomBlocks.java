package dev.quern.reference;

import dev.quern.ir.Encoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Random encoded elements for tests, for every encoding but u32, whether or not something here encodes it.
 *
 * {@snippet :
 * ByteBuffer anything = RandomBlocks.bytes(random, Encoding.Block.Q4_K, rows * columns);
 * ByteBuffer weights = RandomBlocks.spread(random, Encoding.Block.Q4_K, rows * columns, 1 / Math.sqrt(columns));
 * }
 *
 * <p>All bits of quanta, and of scales that are integers, are random, so that each of their values occurs, which an
 * encoder would not give; the scales that are floats are finite.
 */
public final class RandomBlocks {
    /** Of the exponents of MXFP4: that of a scale of one. */
    private static final int ONE = 127;

    /** The width of the range of factors that keep minima from putting zero exactly in the middle. */
    private static final float UNEVENNESS = 0.25f;

    private RandomBlocks() {}

    /** A field of a block that is a half: where it is, and the largest magnitude that keeps elements moderate. */
    private record Half(int offset, float largest) {}

    /** All encodings of floats, in the order of their constants. */
    public static List<Encoding> encodings() {
        List<Encoding> encodings = new ArrayList<>(List.of(Encoding.Scalar.values()));
        encodings.remove(Encoding.Scalar.U32);
        encodings.addAll(List.of(Encoding.Block.values()));
        return List.copyOf(encodings);
    }

    /**
     * Elements of all magnitudes up to some hundreds; floats are normally distributed.
     *
     * @param count the number of elements, which fill whole blocks
     * @return {@code encoding.bytesOf(count)} bytes, little endian, position 0
     */
    public static ByteBuffer bytes(RandomGenerator random, Encoding encoding, int count) {
        ByteBuffer bytes = switch (encoding) {
            case Encoding.Scalar scalar -> scalars(random, scalar, count, 1);
            case Encoding.Block block -> {
                ByteBuffer blocks = bits(random, block, count);
                for (int start = 0; start < blocks.limit(); start += block.bytes()) {
                    if (block == Encoding.Block.MXFP4) {
                        blocks.put(start, (byte) random.nextInt(ONE - 8, ONE + 4));
                    }
                    for (Half half : halves(block)) {
                        putHalf(blocks, start + half.offset(), half.largest() * (2 * random.nextFloat() - 1));
                    }
                }
                yield blocks;
            }
        };
        return bytes;
    }

    /**
     * Elements about zero with a standard deviation near {@code deviation}, such as the weights of a model that stays
     * tame: within a tenth where there are a hundred blocks or more. Scales differ from block to block, at most by a
     * factor of three.
     *
     * @param count the number of elements, which fill whole blocks
     * @return {@code encoding.bytesOf(count)} bytes, little endian, position 0
     */
    public static ByteBuffer spread(RandomGenerator random, Encoding encoding, int count, double deviation) {
        return switch (encoding) {
            case Encoding.Scalar scalar -> scalars(random, scalar, count, deviation);
            case Encoding.Block block -> {
                ByteBuffer blocks = bits(random, block, count);
                if (block == Encoding.Block.MXFP4) {
                    spreadExponents(random, blocks, deviation);
                } else {
                    spreadScales(random, block, blocks, deviation);
                }
                yield blocks;
            }
        };
    }

    private static ByteBuffer scalars(RandomGenerator random, Encoding.Scalar encoding, int count, double deviation) {
        float[] elements = new float[count];
        for (int index = 0; index < count; index++) {
            elements[index] = (float) (deviation * random.nextGaussian());
        }
        return ByteBuffer.wrap(BlockEncoder.of(encoding).encode(elements)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer bits(RandomGenerator random, Encoding.Block encoding, int count) {
        byte[] bytes = new byte[Math.toIntExact(encoding.bytesOf(count))];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Scales between half of one and one and a half, of either sign, and minima that put zero in the middle; then all
     * by one factor.
     */
    private static void spreadScales(
            RandomGenerator random, Encoding.Block encoding, ByteBuffer blocks, double deviation) {
        List<Half> halves = halves(encoding);
        float[] scales = new float[blocks.limit() / encoding.bytes()];
        float[] evenness = new float[scales.length];
        for (int block = 0; block < scales.length; block++) {
            scales[block] = (random.nextFloat() + 0.5f) * (random.nextBoolean() ? 1 : -1);
            evenness[block] = 1 + UNEVENNESS * (random.nextFloat() - 0.5f);
        }
        // The largest scale of all fits into a half with room below it, whatever the deviation: the first measurement
        // is taken there.
        double factor = 1;
        for (int pass = 0; pass < 2; pass++) {
            for (int block = 0; block < scales.length; block++) {
                float scale = (float) (factor * scales[block]);
                putHalf(blocks, block * encoding.bytes() + halves.getFirst().offset(), scale);
                if (halves.size() == 2) {
                    float minimum = scale * middle(encoding) * evenness[block];
                    putHalf(blocks, block * encoding.bytes() + halves.getLast().offset(), minimum);
                }
            }
            factor *= deviation / rootMeanSquare(encoding, blocks);
        }
    }

    /** Powers of two cannot hit a deviation each by itself; two neighbours, mixed, do. */
    private static void spreadExponents(RandomGenerator random, ByteBuffer blocks, double deviation) {
        int bytes = Encoding.Block.MXFP4.bytes();
        for (int start = 0; start < blocks.limit(); start += bytes) {
            blocks.put(start, (byte) ONE);
        }
        double ratio = deviation / rootMeanSquare(Encoding.Block.MXFP4, blocks);
        int power = Math.getExponent(ratio);
        double square = Math.pow(ratio / Math.scalb(1.0, power), 2);
        double larger = (square - 1) / 3;
        for (int start = 0; start < blocks.limit(); start += bytes) {
            blocks.put(start, (byte) (ONE + power + (random.nextDouble() < larger ? 1 : 0)));
        }
    }

    private static double rootMeanSquare(Encoding.Block encoding, ByteBuffer blocks) {
        float[] elements = BlockCodec.of(encoding).decode(blocks);
        double sum = 0;
        for (float element : elements) {
            sum += (double) element * element;
        }
        return Math.sqrt(sum / elements.length);
    }

    private static void putHalf(ByteBuffer blocks, int offset, float value) {
        blocks.putShort(offset, Float.floatToFloat16(value));
    }

    /** The scale, and the minimum in the encodings that have one. */
    private static List<Half> halves(Encoding.Block encoding) {
        return switch (encoding) {
            case Q4_0, Q5_0, Q8_0, IQ4_NL -> List.of(new Half(0, 1));
            case Q4_1, Q5_1 -> List.of(new Half(0, 1), new Half(2, 1));
            case Q2_K -> List.of(new Half(80, 0.25f), new Half(82, 0.25f));
            case Q3_K -> List.of(new Half(108, 0.125f));
            case Q4_K, Q5_K -> List.of(new Half(0, 0.0625f), new Half(2, 0.0625f));
            case Q6_K -> List.of(new Half(208, 0.03125f));
            case IQ4_XS -> List.of(new Half(0, 0.03125f));
            case MXFP4 -> List.of();
        };
    }

    /** The minimum that a scale of one asks for, so that elements lie about zero. */
    private static float middle(Encoding.Block encoding) {
        return switch (encoding) {
            // Here the minimum is added, in the other encodings subtracted.
            case Q4_1 -> -7.5f;
            case Q5_1 -> -15.5f;
            case Q2_K -> 1.5f;
            case Q4_K -> 7.5f;
            case Q5_K -> 15.5f;
            case Q4_0, Q5_0, Q8_0, Q3_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4 -> 0;
        };
    }
}
