package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class NumericsTest {

    @Test
    void theErrorIsMeasuredAgainstThePowerOfWhatIsExpected() {
        // (1 + 4) / (9 + 16)
        assertEquals(0.2, Numerics.nmse(new float[] {3, 4}, new float[] {4, 2}), 1e-15);
        assertEquals(0, Numerics.nmse(new float[2], new float[2]));
        assertEquals(Double.POSITIVE_INFINITY, Numerics.nmse(new float[1], new float[] {1}));
    }

    /**
     * The law of WGSL: subnormal numbers may be zero. A single element that is one must not be off by the whole of
     * itself.
     */
    @Test
    void whatADeviceMayTakeForZeroIsNoError() {
        float[] zero = {0};
        for (float subnormal : new float[] {Float.MIN_VALUE, -1e-40f, Math.nextDown(Float.MIN_NORMAL)}) {
            assertEquals(0, Numerics.nmse(new float[] {subnormal}, zero));
            assertEquals(0, Numerics.nmse(zero, new float[] {subnormal}));
        }
        // The exponential of 90 is infinite as a float, so the quotient by it is zero on a device.
        float quotient = (float) (-90 / (1 + StrictMath.exp(90)));
        assertTrue(Math.abs(quotient) > Float.MIN_NORMAL);
        assertEquals(0, Numerics.nmse(new float[] {quotient}, zero));
        assertEquals(1, Numerics.nmse(new float[] {1e-34f}, zero));
        assertEquals(1, Numerics.nmse(new float[] {1e-40f, 1e-30f}, new float[2]), 1e-6);
    }

    @Test
    void aNotANumberIsWithinNoLimit() {
        float[] one = {1};
        float[] none = {Float.NaN};
        assertFalse(Numerics.nmse(one, none) <= Double.MAX_VALUE);
        assertFalse(Numerics.nmse(none, one) <= Double.MAX_VALUE);
        assertFalse(Numerics.nmse(none, none) <= Double.MAX_VALUE);
        assertFalse(Numerics.nmse(new float[1], none) <= Double.MAX_VALUE);
        assertFalse(Numerics.maximumAbsoluteError(one, none) <= Double.MAX_VALUE);
        assertFalse(Numerics.klDivergence(one, none) <= Double.MAX_VALUE);
    }

    @Test
    void theLargestErrorCountsInEitherDirection() {
        assertEquals(2, Numerics.maximumAbsoluteError(new float[] {1, 5}, new float[] {2, 3}));
    }

    @Test
    void lengthsMustAgree() {
        assertThrows(IllegalArgumentException.class, () -> Numerics.nmse(new float[1], new float[2]));
    }

    @Test
    void theFirstOfTheLargestIsTakenAndTheGapIsToTheSecond() {
        assertEquals(1, Numerics.argMax(new float[] {1, 4, 4, 2}));
        assertEquals(2, Numerics.argMax(new float[] {Float.NaN, -5, -3}));
        assertEquals(0, Numerics.topTwoGap(new float[] {1, 4, 4, 2}));
        assertEquals(2.5, Numerics.topTwoGap(new float[] {1.5f, 4, -8}));
    }

    @Test
    void theDivergenceOfTwoCoinsIsKnown() {
        // A coin of 3/4 against a fair one: 3/4 ln(3/2) + 1/4 ln(1/2).
        float[] uneven = {(float) Math.log(3), 0};
        double expected = 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5);
        assertEquals(expected, Numerics.klDivergence(uneven, new float[2]), 1e-7);
    }

    @Property
    void theDivergenceIsNeverNegativeAndForgetsAConstant(@ForAll long seed) {
        Random random = new Random(seed);
        float[] expected = Program.randomVector(random, 20).floats();
        float[] actual = Program.randomVector(random, 20).floats();
        double divergence = Numerics.klDivergence(expected, actual);
        assertTrue(divergence >= 0);
        assertEquals(0, Numerics.klDivergence(expected, expected), 1e-12);
        for (int index = 0; index < actual.length; index++) {
            actual[index] += 64;
        }
        assertEquals(divergence, Numerics.klDivergence(expected, actual), 1e-4);
    }
}
