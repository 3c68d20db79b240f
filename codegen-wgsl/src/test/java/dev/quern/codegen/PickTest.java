package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.codegen.lowering.PickLowering;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.EntryPoint;
import dev.quern.reference.Numerics;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The greedy choice of the next token. */
class PickTest extends DeviceTest {
    private static final float[] NOT_FINITE = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.intBitsToFloat(0xffc0_0000),
        Float.intBitsToFloat(0x7f80_0001),
        Float.intBitsToFloat(0xffff_ffff)
    };

    @Property(tries = 24)
    void theLargestLogit(
            @ForAll @IntRange(min = 1, max = 2000) int count,
            @ForAll @IntRange(max = 1000) int position,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        check(Program.gaussian(random, count), position, profile);
    }

    /** Few different values, so that many share the first place: the smallest index wins, whichever lane holds it. */
    @Property(tries = 24)
    void tiesGoToTheSmallestIndex(
            @ForAll @IntRange(min = 1, max = 700) int count,
            @ForAll @IntRange(min = 1, max = 3) int different,
            @ForAll @IntRange(max = 200) int position,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        float[] logits = new float[count];
        for (int index = 0; index < count; index++) {
            logits[index] = random.nextInt(different) - 7.5f;
        }
        check(logits, position, profile);
    }

    /** Wherever it stands, and whatever else there is: nothing is chosen, and the position advances all the same. */
    @Property(tries = 60)
    void nothingWhereALogitIsNotFinite(
            @ForAll @IntRange(min = 1, max = 700) int count,
            @ForAll @IntRange(max = 200) int position,
            @ForAll @IntRange(min = 1, max = 3) int spoilt,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        float[] logits = Program.gaussian(random, count);
        for (int index = 0; index < spoilt; index++) {
            logits[random.nextInt(count)] = NOT_FINITE[random.nextInt(NOT_FINITE.length)];
        }
        check(logits, position, profile);
    }

    /** The largest and the smallest floats are logits like others. */
    @Property(tries = 12)
    void theLargestFloatsAreFinite(
            @ForAll @IntRange(min = 2, max = 300) int count,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        float[] logits = Program.gaussian(random, count);
        logits[random.nextInt(count)] = -Float.MAX_VALUE;
        logits[random.nextInt(count)] = Float.MAX_VALUE;
        check(logits, 5, profile);
    }

    private static void check(float[] logits, int position, DeviceProfile profile) {
        Program program = new Program(1, 1);
        Value y = program.result(new TensorOp.ArgMax(program.input("logits", logits, logits.length)));
        int[] ring = new int[PickLowering.RING_SLOTS];
        Arrays.fill(ring, -1);
        DispatchRunner.Outcome outcome = runner().run(program, profile, new int[] {position}, ring);
        int best = Numerics.firstNotFinite(logits) < 0 ? Numerics.argMax(logits) : EntryPoint.NO_TOKEN;
        assertEquals(
                best, Objects.requireNonNull(program.expected().get(y.name())).ints()[0], "the interpreter's token");
        assertEquals(best, actual(outcome, y.name()).ints()[0], "the token");
        assertArrayEquals(new int[] {position + 1}, outcome.extras().get(0), "the position");
        ring[position % PickLowering.RING_SLOTS] = best;
        assertArrayEquals(ring, outcome.extras().get(1), "the ring");
    }
}
