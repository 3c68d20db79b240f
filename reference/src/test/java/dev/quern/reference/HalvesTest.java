package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HalvesTest {

    @Test
    void everyHalfHasTheValueThatThePlatformGivesIt() {
        for (int bits = 0; bits < 0x1_0000; bits++) {
            short half = (short) bits;
            assertSameFloat(Float.float16ToFloat(half), Halves.halfToFloat(half), half);
        }
    }

    @Test
    void aroundEveryHalfRoundingIsThatOfThePlatform() {
        for (int bits = 0; bits < 0x7c00; bits++) {
            float value = Halves.halfToFloat((short) bits);
            // Half of the distance to the next half; above 65,504 that is where infinity begins.
            float next = bits == 0x7bff ? 65_536 : Halves.halfToFloat((short) (bits + 1));
            float middle = (value + next) / 2;
            for (float near :
                    new float[] {value, Math.nextUp(value), Math.nextDown(middle), middle, Math.nextUp(middle)}) {
                assertEquals(Float.floatToFloat16(near), Halves.floatToHalf(near), () -> "for " + near);
                assertEquals(Float.floatToFloat16(-near), Halves.floatToHalf(-near), () -> "for -" + near);
            }
        }
    }

    @Property(tries = 20_000)
    void anyFloatBecomesTheHalfThatThePlatformGives(@ForAll int bits) {
        float value = Float.intBitsToFloat(bits);
        short half = Halves.floatToHalf(value);
        if (Float.isNaN(value)) {
            assertTrue(Float.isNaN(Halves.halfToFloat(half)));
            assertEquals(bits < 0, half < 0, "the sign of a NaN");
        } else {
            assertEquals(Float.floatToFloat16(value), half, () -> "for " + value);
        }
    }

    @Property(tries = 20_000)
    void aBrainFloatIsTheNearestAndEvenWhereTwoAreEquallyNear(@ForAll int bits) {
        float value = Float.intBitsToFloat(bits);
        short brain = Halves.floatToBrain(value);
        if (Float.isNaN(value)) {
            assertTrue(Float.isNaN(Halves.brainToFloat(brain)));
            return;
        }
        short toZero = (short) (bits >>> 16);
        short away = (short) (toZero + 1);
        double below = Math.abs(finite(toZero) - value);
        double above = Math.abs(finite(away) - value);
        short nearest = below < above || (below == above && (toZero & 1) == 0) ? toZero : away;
        assertEquals(Float.isInfinite(value) ? toZero : nearest, brain, () -> "for " + value);
    }

    @Test
    void everyBrainFloatComesBack() {
        for (int bits = 0; bits < 0x1_0000; bits++) {
            short brain = (short) bits;
            float value = Halves.brainToFloat(brain);
            if (!Float.isNaN(value)) {
                assertEquals(brain, Halves.floatToBrain(value));
            }
        }
    }

    /** The value of a brain float, with 2^128, from which rounding counts, in the place of infinity. */
    private static double finite(short brain) {
        float value = Halves.brainToFloat(brain);
        return Float.isInfinite(value) ? Math.copySign(0x1p128, value) : value;
    }

    private static void assertSameFloat(float expected, float actual, short half) {
        // The payload of a NaN differs between processors, so that NaNs are compared as one.
        assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(actual), () -> "half " + half);
    }
}
