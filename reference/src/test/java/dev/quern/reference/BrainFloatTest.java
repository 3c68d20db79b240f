package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BrainFloatTest {
    @Property(tries = 20_000)
    void aBrainFloatIsTheNearestAndEvenWhereTwoAreEquallyNear(@ForAll int bits) {
        float value = Float.intBitsToFloat(bits);
        short brain = BrainFloat.ofFloat(value);
        if (Float.isNaN(value)) {
            assertTrue(Float.isNaN(BrainFloat.toFloat(brain)));
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
            float value = BrainFloat.toFloat(brain);
            if (!Float.isNaN(value)) {
                assertEquals(brain, BrainFloat.ofFloat(value));
            }
        }
    }

    /** The value of a brain float, with 2^128, from which rounding counts, in the place of infinity. */
    private static double finite(short brain) {
        float value = BrainFloat.toFloat(brain);
        return Float.isInfinite(value) ? Math.copySign(0x1p128, value) : value;
    }
}
