package dev.quern.plan.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.SelfTest.Digest;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfTestTest {
    private static float[] ramp(int count) {
        float[] values = new float[count];
        for (int index = 0; index < count; index++) {
            values[index] = index + 1;
        }
        return values;
    }

    @Test
    void aDigestKeepsTheNormAndElementsThatAreEvenlySpread() {
        Digest digest = Digest.of("x", 0, ramp(16));
        assertEquals(16, digest.elements());
        // 1 + 4 + … + 256 = 16 · 17 · 33 / 6
        assertEquals(Math.sqrt(1496), digest.norm());
        assertEquals(List.of(1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0), digest.sample());
        assertEquals(8, Digest.of("x", 0, ramp(8)).sample().size());
        assertEquals(3, Digest.of("x", 0, ramp(3)).sample().size());
        assertEquals(0, Digest.of("x", 0, new float[0]).norm());
    }

    @Test
    void whatIsComputedElsewhereAgreesWithinTheTolerance() {
        Digest digest = new Digest("x", 0, 4, 10, List.of(5.0, -5.0));
        assertTrue(digest.agrees(digest, 0));
        assertTrue(digest.agrees(new Digest("y", 0, 4, 11, List.of(5.0, -5.0)), 0.1), "the norm, by a tenth of it");
        assertTrue(digest.agrees(new Digest("y", 0, 4, 9, List.of(5.0, -5.0)), 0.1));
        assertFalse(digest.agrees(new Digest("y", 0, 4, 11.01, List.of(5.0, -5.0)), 0.1));
        assertFalse(digest.agrees(new Digest("y", 0, 4, 8.99, List.of(5.0, -5.0)), 0.1));
        // Of the root mean square, 5, a tenth, and of the element a tenth: 1 in all.
        assertTrue(digest.agrees(new Digest("y", 0, 4, 10, List.of(6.0, -6.0)), 0.1));
        assertFalse(digest.agrees(new Digest("y", 0, 4, 10, List.of(6.01, -5.0)), 0.1));
        assertFalse(digest.agrees(new Digest("y", 0, 4, 10, List.of(5.0, -3.99)), 0.1), "the last of the sample too");
        assertFalse(digest.agrees(new Digest("y", 0, 5, 10, List.of(5.0, -5.0)), 0.1), "another number of elements");
    }

    @Test
    void whatIsNoNumberAgreesWithNothing() {
        Digest digest = new Digest("x", 0, 4, 10, List.of(5.0));
        assertFalse(digest.agrees(new Digest("x", 0, 4, Double.NaN, List.of(5.0)), 1));
        assertFalse(digest.agrees(new Digest("x", 0, 4, 10, List.of(Double.NaN)), 1));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        SelfTest test = new SelfTest(
                List.of(1, 5, 2),
                List.of(Digest.of("first", 0, ramp(20)), new Digest("second", 0, 1, 0.5, List.of(0.5))));
        assertEquals(test, SelfTest.read(test.write()));
        BundleException other = assertThrows(
                BundleException.class,
                () -> SelfTest.read(test.write()
                        .replace("\"format_version\": " + Manifest.FORMAT_VERSION, "\"format_version\": 9")));
        assertTrue(String.valueOf(other.getMessage()).startsWith("selftest.json: the bundle has format version 9"));
    }
}
