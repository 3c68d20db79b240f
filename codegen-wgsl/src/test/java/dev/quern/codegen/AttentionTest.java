package dev.quern.codegen;

import dev.quern.ir.Encoding;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Attention over states of halves and of floats. */
class AttentionTest extends DeviceTest {
    /**
     * Exponentials turn the absolute error of a score into a relative error of its weight. A score of 1,000 is off by a
     * few units of its last place, 2^-14 each, so a weight is off by one part in some thousands, squared.
     */
    private static final double LIMIT_OF_HUGE_SCORES = 1e-7;

    /** Sums over tens of thousands of positions, whose order is the device's. */
    private static final double LIMIT_OF_LONG_CONTEXTS = 1e-9;

    /** Rows of the states from the last position on hold NaN: who reads the future fails. */
    @Property(tries = 48)
    void attention(
            @ForAll @IntRange(min = 1, max = 6) int tokens,
            @ForAll @IntRange(min = 1, max = 3) int keyValueHeads,
            @ForAll @IntRange(min = 1, max = 7) int group,
            @ForAll @IntRange(min = 1, max = 16) int units,
            @ForAll @IntRange(max = 500) int position,
            @ForAll("kept") Encoding kept,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        check(
                kept,
                tokens,
                keyValueHeads,
                group,
                8 * units,
                position,
                1 / (float) Math.sqrt(8 * units),
                profile,
                random,
                LIMIT);
    }

    /**
     * Scores of some hundreds, positive and negative, where an exponential of a score as it is would overflow or
     * vanish.
     */
    @Property(tries = 8)
    void scoresOfHundreds(
            @ForAll @IntRange(max = 300) int position,
            @ForAll("kept") Encoding kept,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        check(kept, 3, 1, 2, 64, position, 20, profile, random, LIMIT_OF_HUGE_SCORES);
    }

    /** Some drivers end long loops without a word: a context of 8,192 positions must not come near. */
    @Property(generation = GenerationMode.EXHAUSTIVE, shrinking = ShrinkingMode.OFF)
    void allOfALongContext(@ForAll("kept") Encoding kept, @ForAll("profiles") DeviceProfile profile) {
        int group = profile.lanes() == 64 ? 9 : 1;
        check(kept, 1, 1, group, 128, 8191, 0.1f, profile, new Random(8191), LIMIT_OF_LONG_CONTEXTS);
    }

    /** The longest context that is not refused for CPUs: 65,000 positions, the last of them the state's padding. */
    @Example
    void theLongestContextOfCpus() {
        check(
                Encoding.Scalar.F16,
                1,
                1,
                3,
                64,
                64_994,
                0.1f,
                DeviceProfile.CPU_VULKAN,
                new Random(64_994),
                LIMIT_OF_LONG_CONTEXTS);
    }

    /** Keys that no half can hold, and values that f32 holds exactly. */
    @Property(tries = 12)
    void keysBeyondTheRangeOfHalves(
            @ForAll @IntRange(min = 1, max = 4) int group,
            @ForAll @IntRange(max = 60) int position,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        Program program = new Program(1, 1);
        float[] keys = Program.gaussian(random, (position + 1) * 64);
        for (int index = 0; index < keys.length; index++) {
            keys[index] *= 100_000;
        }
        Value query = program.input("query", random, group * 64);
        Value kept = program.state("keys", Encoding.Scalar.F32, keys, 64);
        Value values = program.state("values", random, Encoding.Scalar.F32, position + 1, position + 1, 64);
        program.result(new TensorOp.Attention(query, kept, values, program.position(position), group, 1, 1e-5f));
        holds(program, profile, LIMIT);
    }

    private static void check(
            Encoding kept,
            int tokens,
            int keyValueHeads,
            int group,
            int headSize,
            int position,
            float scale,
            DeviceProfile profile,
            Random random,
            double limit) {
        int heads = keyValueHeads * group;
        Program program = new Program(tokens, tokens == 1 ? 1 : 8);
        int written = position + tokens;
        Value query = program.input("query", random, heads * headSize);
        Value keys = program.state("keys", random, kept, written + 5, written, keyValueHeads * headSize);
        Value values = program.state("values", random, kept, written + 5, written, keyValueHeads * headSize);
        Value at = program.position(position);
        program.result(new TensorOp.Attention(query, keys, values, at, heads, keyValueHeads, scale));
        holds(program, profile, limit);
    }
}
