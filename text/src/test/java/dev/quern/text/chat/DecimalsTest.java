package dev.quern.text.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.RoundingMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Exact decimals against the standard library's. */
final class DecimalsTest {
    @Property
    void anyBitsAreRoundedAsBigDecimalDoes(@ForAll long bits, @ForAll @IntRange(min = -320, max = 1100) int digits) {
        agrees(Double.longBitsToDouble(bits), digits);
    }

    @Property
    void everydayNumbersToo(
            @ForAll @IntRange(min = -1_000_000, max = 1_000_000) int eighths,
            @ForAll @IntRange(min = -8, max = 20) int digits) {
        // Eighths have halves at every place that is dropped.
        agrees(eighths / 8.0, digits);
        agrees(eighths / 1000.0, digits);
        agrees(eighths * 5.0, digits);
    }

    @Example
    void theEndsOfTheRange() {
        for (double value : new double[] {
            0, Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, 1, 0.5, 9.5, 99.5, 0.05, 1e16, 1e22, 0x1p53
        }) {
            for (int digits : new int[] {-400, -309, -1, 0, 1, 2, 400, 1074, 1075}) {
                agrees(value, digits);
                agrees(-value, digits);
            }
        }
        assertEquals("-0.00", Decimals.rounded(-0.0, 2));
    }

    private static void agrees(double value, int digits) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return;
        }
        String expected = new BigDecimal(Math.abs(value))
                .setScale(digits, RoundingMode.HALF_EVEN)
                .toPlainString();
        String sign = 1 / value < 0 || value < 0 ? "-" : "";
        assertEquals(sign + expected, Decimals.rounded(value, digits), value + " to " + digits);
    }
}
