package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Encoding;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RandomBlocksTest {
    private static final int COUNT = 256 * 400;

    static List<Encoding> floats() {
        return RandomBlocks.encodings();
    }

    @ParameterizedTest
    @MethodSource("floats")
    void elementsAreFiniteAndModerate(Encoding encoding) {
        ByteBuffer bytes = RandomBlocks.bytes(new Random(1), encoding, COUNT);
        float[] elements = BlockCodec.of(encoding).decode(bytes);
        float largest = 0;
        for (float element : elements) {
            assertTrue(Float.isFinite(element));
            largest = Math.max(largest, Math.abs(element));
        }
        assertTrue(largest > 1 && largest < 500, "largest " + largest);
    }

    @ParameterizedTest
    @MethodSource("floats")
    void theSameSeedGivesTheSameBytes(Encoding encoding) {
        assertEquals(
                RandomBlocks.bytes(new Random(2), encoding, 1024), RandomBlocks.bytes(new Random(2), encoding, 1024));
    }

    @ParameterizedTest
    @MethodSource("floats")
    void everyByteOfABlockTakesManyValues(Encoding encoding) {
        ByteBuffer bytes = RandomBlocks.bytes(new Random(3), encoding, COUNT);
        for (int offset = 0; offset < encoding.bytes(); offset++) {
            BitSet values = new BitSet();
            for (int at = offset; at < bytes.limit(); at += encoding.bytes()) {
                values.set(bytes.get(at) & 0xff);
            }
            assertTrue(values.cardinality() > 10, "byte " + offset + " takes " + values.cardinality() + " values");
        }
    }

    @ParameterizedTest
    @MethodSource("floats")
    void theDeviationIsTheOneAskedFor(Encoding encoding) {
        for (double deviation : new double[] {0.005, 0.04, 0.7, 3}) {
            ByteBuffer bytes = RandomBlocks.spread(new Random(4), encoding, COUNT, deviation);
            float[] elements = BlockCodec.of(encoding).decode(bytes);
            double sum = 0;
            double squares = 0;
            for (float element : elements) {
                sum += element;
                squares += (double) element * element;
            }
            double mean = sum / COUNT;
            assertEquals(0, mean, deviation / 5, "mean");
            assertEquals(deviation, Math.sqrt(squares / COUNT - mean * mean), deviation / 10, "deviation");
        }
    }
}
