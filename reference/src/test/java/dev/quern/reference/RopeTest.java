package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.ir.Rotation;
import dev.quern.ir.Rotation.Pairing;
import dev.quern.ir.TensorOp;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RopeTest {

    @Test
    void twoPairsAreTurnedByTheirOwnAngles() {
        // Base 100 and four elements: the frequencies are 1 and 100^(-2/4) = 1/10, so at position 3 the angles are 3
        // and 0.3.
        float[] x = {1, 2, 3, 4};
        assertArrayEquals(
                new float[] {
                    turnedFirst(1, 2, 3), turnedSecond(1, 2, 3), turnedFirst(3, 4, 0.3), turnedSecond(3, 4, 0.3)
                },
                rope(x, 3, 1, new Rotation(4, 4, 100, 1, Pairing.ADJACENT)),
                1e-6f);
        assertArrayEquals(
                new float[] {
                    turnedFirst(1, 3, 3), turnedFirst(2, 4, 0.3), turnedSecond(1, 3, 3), turnedSecond(2, 4, 0.3)
                },
                rope(x, 3, 1, new Rotation(4, 4, 100, 1, Pairing.HALVES)),
                1e-6f);
    }

    private static float turnedFirst(double a, double b, double angle) {
        return (float) (a * Math.cos(angle) - b * Math.sin(angle));
    }

    private static float turnedSecond(double a, double b, double angle) {
        return (float) (a * Math.sin(angle) + b * Math.cos(angle));
    }

    @Property
    void pairsKeepTheirLength(
            @ForAll long seed, @ForAll Pairing pairing, @ForAll @IntRange(min = 0, max = 100_000) int position) {
        float[] x = Program.random(new Random(seed), 2, 24).floats();
        float[] y = rope(x, position, 2, new Rotation(12, 8, 10_000, 1, pairing));
        for (int head = 0; head < x.length; head += 12) {
            for (int pair = 0; pair < 4; pair++) {
                int first = head + (pairing == Pairing.ADJACENT ? 2 * pair : pair);
                int second = pairing == Pairing.ADJACENT ? first + 1 : first + 4;
                assertEquals(Math.hypot(x[first], x[second]), Math.hypot(y[first], y[second]), 1e-6);
            }
            for (int element = head + 8; element < head + 12; element++) {
                assertEquals(x[element], y[element], "beyond the rotated part");
            }
        }
    }

    @Property
    void turningTwiceIsTurningByTheSum(
            @ForAll long seed,
            @ForAll Pairing pairing,
            @ForAll @IntRange(min = 0, max = 5000) int first,
            @ForAll @IntRange(min = 0, max = 5000) int second) {
        Rotation rotation = new Rotation(16, 16, 10_000, 1, pairing);
        float[] x = Program.random(new Random(seed), 1, 16).floats();
        assertArrayEquals(
                rope(x, first + second, 1, rotation), rope(rope(x, first, 1, rotation), second, 1, rotation), 2e-6f);
    }

    @Property
    void theProductOfTwoRowsDependsOnTheirDistance(
            @ForAll long seed, @ForAll Pairing pairing, @ForAll @IntRange(min = 0, max = 5000) int shift) {
        Rotation rotation = new Rotation(16, 16, 10_000, 1, pairing);
        Random random = new Random(seed);
        float[] query = Program.random(random, 1, 16).floats();
        float[] key = Program.random(random, 1, 16).floats();
        double near = dot(rope(query, 9, 1, rotation), rope(key, 4, 1, rotation));
        double far = dot(rope(query, 9 + shift, 1, rotation), rope(key, 4 + shift, 1, rotation));
        assertEquals(near, far, 1e-5);
    }

    private static double dot(float[] left, float[] right) {
        double sum = 0;
        for (int index = 0; index < left.length; index++) {
            sum += (double) left[index] * right[index];
        }
        return sum;
    }

    @Property
    void rowsStandAtOnePositionAfterAnother(@ForAll long seed, @ForAll Pairing pairing) {
        Rotation rotation = new Rotation(4, 4, 10_000, 1, pairing);
        float[] x = Program.random(new Random(seed), 3, 8).floats();
        float[] together = rope(x, 5, 3, rotation);
        for (int row = 0; row < 3; row++) {
            float[] alone = Arrays.copyOfRange(x, 8 * row, 8 * row + 8);
            assertArrayEquals(rope(alone, 5 + row, 1, rotation), Arrays.copyOfRange(together, 8 * row, 8 * row + 8));
        }
    }

    @Property
    void aScaleOfOneHalfAndAFactorOfTwoHalveThePosition(
            @ForAll long seed, @ForAll Pairing pairing, @ForAll @IntRange(min = 0, max = 5000) int position) {
        float[] x = Program.random(new Random(seed), 1, 8).floats();
        float[] expected = rope(x, position, 1, new Rotation(8, 8, 10_000, 1, pairing));
        assertArrayEquals(expected, rope(x, 2 * position, 1, new Rotation(8, 8, 10_000, 0.5f, pairing)), 1e-6f);
        Program program = new Program();
        var factors = program.weight("factors", Tensor.floats(new float[] {2, 2, 2, 2}, 4));
        var input = program.input("x", Tensor.floats(x, 1, 8));
        Rotation whole = new Rotation(8, 8, 10_000, 1, pairing);
        Tensor divided =
                program.result(new TensorOp.Rope(input, program.position(2 * position), Optional.of(factors), whole));
        assertArrayEquals(expected, divided.floats(), 1e-6f);
    }

    /**
     * Eight elements of base 100 turn with 1, 0.316, 0.1 and 0.0316, so in 628 positions some 100, 31.6, 10 and 3.16
     * times. Between 50 and 6 turns lie the pairs 0.6 and 2.4: from 0 to 3, all of a ramp.
     */
    @Test
    void theSlowerAPairTheMoreOfItsScaleItGets() {
        float[] x = {1, 0, 1, 0, 1, 0, 1, 0};
        Rotation rotation =
                new Rotation(8, 8, 100, 0.25f, Pairing.ADJACENT, Optional.of(new Rotation.Yarn(628, 50, 6)), 1);
        float[] y = rope(x, 1, 1, rotation);
        for (int pair = 0; pair < 4; pair++) {
            double share = pair / 3.0;
            double angle = Math.pow(10, -pair / 2.0) * (1 - share + 0.25 * share);
            assertEquals(Math.cos(angle), y[2 * pair], 1e-6, "pair " + pair);
            assertEquals(Math.sin(angle), y[2 * pair + 1], 1e-6, "pair " + pair);
        }
    }

    /** Where all pairs are slow, all get their scale; where all are fast, none does. */
    @Property
    void aRampBeyondThePairsIsNone(
            @ForAll long seed, @ForAll Pairing pairing, @ForAll @IntRange(min = 0, max = 5000) int position) {
        float[] x = Program.random(new Random(seed), 1, 8).floats();
        Optional<Rotation.Yarn> slow = Optional.of(new Rotation.Yarn(10, 1e6f, 1e6f));
        assertArrayEquals(
                rope(x, position, 1, new Rotation(8, 8, 10_000, 1, pairing)),
                rope(x, position, 1, new Rotation(8, 8, 10_000, 0.5f, pairing, fast(), 1)),
                2e-6f);
        float[] scaled = rope(x, position, 1, new Rotation(8, 8, 10_000, 0.5f, pairing));
        float[] ramped = rope(x, position, 1, new Rotation(8, 8, 10_000, 0.5f, pairing, slow, 1));
        // The ramp begins at pair 0 at the earliest: that pair alone stays as fast as it was.
        int second = pairing == Pairing.ADJACENT ? 1 : 4;
        for (int element = 0; element < 8; element++) {
            if (element != 0 && element != second) {
                assertEquals(scaled[element], ramped[element], 2e-6f);
            }
        }
    }

    private static Optional<Rotation.Yarn> fast() {
        return Optional.of(new Rotation.Yarn(1_000_000_000, 32, 1));
    }

    @Property
    void aMagnitudeMakesRotatedElementsLonger(
            @ForAll long seed, @ForAll Pairing pairing, @ForAll @IntRange(min = 0, max = 5000) int position) {
        float[] x = Program.random(new Random(seed), 1, 12).floats();
        float[] plain = rope(x, position, 1, new Rotation(12, 8, 10_000, 1, pairing));
        float[] longer = rope(x, position, 1, new Rotation(12, 8, 10_000, 1, pairing, Optional.empty(), 2));
        for (int element = 0; element < 12; element++) {
            assertEquals(element < 8 ? 2 * plain[element] : plain[element], longer[element]);
        }
    }

    private static float[] rope(float[] x, int position, int rows, Rotation rotation) {
        Program program = new Program();
        var input = program.input("x", Tensor.floats(x, rows, x.length / rows));
        return program.result(new TensorOp.Rope(input, program.position(position), Optional.empty(), rotation))
                .floats();
    }
}
