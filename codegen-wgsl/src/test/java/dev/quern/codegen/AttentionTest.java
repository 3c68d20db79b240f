package dev.quern.codegen;

import dev.quern.ir.Encoding;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.BlockEncoder;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

/** Attention over states of halves, of floats and of blocks. */
class AttentionTest extends DeviceTest {
    /**
     * Exponentials turn the absolute error of a score into a relative error of its weight. A score of 1,000 is off by a
     * few units of its last place, 2^-14 each, so a weight is off by one part in some thousands, squared.
     */
    private static final double LIMIT_OF_HUGE_SCORES = 1e-7;

    /**
     * The hyperbolic tangent of WGSL is off by a few units of the last place of 1, and the cap multiplies that: with a
     * cap of 50 a score is off by 1e-5.
     */
    private static final double LIMIT_OF_CAPS = 1e-9;

    /** Sums over tens of thousands of positions, whose order is the device's. */
    private static final double LIMIT_OF_LONG_CONTEXTS = 1e-9;

    /** Rows of the states from the last position on hold NaN: who reads the future fails. */
    @Property(tries = 32)
    void attention(
            @ForAll @IntRange(min = 1, max = 6) int tokens,
            @ForAll @IntRange(min = 1, max = 3) int keyValueHeads,
            @ForAll @IntRange(min = 1, max = 7) int group,
            @ForAll @IntRange(min = 1, max = 16) int units,
            @ForAll @IntRange(max = 500) int position,
            @ForAll("kept") Encoding kept,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        int size = wholeBlocks(8 * units, kept);
        check(kept, tokens, keyValueHeads, group, size, position, 1 / (float) Math.sqrt(size), profile, random, LIMIT);
    }

    /**
     * Windows that begin inside a chunk of positions or of a prompt's rows, and that are longer than all there is, with
     * scores that grow from row to row. Rows
     * of the states that lie before every window hold NaN too.
     */
    @Property(tries = 32)
    void windows(
            @ForAll @IntRange(min = 1, max = 6) int tokens,
            @ForAll @IntRange(min = 1, max = 2) int keyValueHeads,
            @ForAll @IntRange(min = 1, max = 5) int group,
            @ForAll @IntRange(min = 1, max = 8) int units,
            @ForAll @IntRange(max = 300) int position,
            @ForAll @IntRange(min = 1, max = 150) int window,
            @ForAll boolean capped,
            @ForAll boolean sharpened,
            @ForAll("kept") Encoding kept,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        int size = wholeBlocks(8 * units, kept);
        Program program = new Program(tokens, tokens == 1 ? 1 : 8);
        int written = position + tokens;
        int unseen = Math.max(0, position + 1 - window);
        Value query = program.input("query", random, keyValueHeads * group * size);
        Value keys = state(program, "keys", random, kept, unseen, written, keyValueHeads * size);
        Value values = state(program, "values", random, kept, unseen, written, keyValueHeads * size);
        program.result(new TensorOp.Attention(
                query,
                keys,
                values,
                program.position(position),
                keyValueHeads * group,
                keyValueHeads,
                1 / (float) Math.sqrt(size),
                Optional.of(window),
                capped ? Optional.of(2f) : Optional.empty(),
                sharpened ? Optional.of(new TensorOp.Attention.Sharpening(16, 0.3f)) : Optional.empty()));
        holds(program, profile, capped ? LIMIT_OF_CAPS : LIMIT);
    }

    /**
     * Rings as short as may be, in which the window before every row has just its room: all rows hold numbers, and
     * whoever reads one that is not seen reads another position's.
     */
    @Property(tries = 32)
    void rings(
            @ForAll @IntRange(min = 1, max = 6) int tokens,
            @ForAll @IntRange(min = 1, max = 2) int keyValueHeads,
            @ForAll @IntRange(min = 1, max = 5) int group,
            @ForAll @IntRange(min = 1, max = 8) int units,
            @ForAll @IntRange(max = 300) int position,
            @ForAll @IntRange(min = 1, max = 60) int window,
            @ForAll @IntRange(max = 9) int more,
            @ForAll("kept") Encoding kept,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        int size = wholeBlocks(8 * units, kept);
        int columns = keyValueHeads * size;
        Program program = new Program(tokens, tokens == 1 ? 1 : 8);
        int rows = window + (tokens == 1 ? 1 : 8) - 1 + more;
        Value query = program.input("query", random, keyValueHeads * group * size);
        Value keys = program.state("keys", random, kept, rows, rows, columns);
        Value values = program.state("values", random, kept, rows, rows, columns);
        // There are as many positions as the longest state has rows.
        program.state("all", random, kept, 400, 0, columns);
        program.result(new TensorOp.Attention(
                query,
                keys,
                values,
                program.position(position),
                keyValueHeads * group,
                keyValueHeads,
                1 / (float) Math.sqrt(size),
                Optional.of(window),
                Optional.empty()));
        holds(program, profile, LIMIT);
    }

    /** Scores around a cap, where the hyperbolic tangent bends, far below it, and far beyond. */
    @Property(tries = 32)
    void caps(
            @ForAll @IntRange(min = 1, max = 4) int tokens,
            @ForAll @IntRange(min = 1, max = 5) int group,
            @ForAll @IntRange(max = 100) int position,
            @ForAll @FloatRange(min = 0.5f, max = 60) float cap,
            @ForAll @FloatRange(min = 0.05f, max = 20) float scores,
            @ForAll("kept") Encoding kept,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        Program program = new Program(tokens, tokens == 1 ? 1 : 8);
        int written = position + tokens;
        Value query = program.input("query", random, group * 64);
        Value keys = program.state("keys", random, kept, written + 5, written, 64);
        Value values = program.state("values", random, kept, written + 5, written, 64);
        // Products of 64 normally distributed elements have a deviation of 8.
        program.result(new TensorOp.Attention(
                query,
                keys,
                values,
                program.position(position),
                group,
                1,
                cap * scores / 8,
                Optional.empty(),
                Optional.of(cap)));
        holds(program, profile, LIMIT_OF_CAPS);
    }

    /** A window serves a context of any length, on CPUs too: its loop is no longer than the window. */
    @Example
    void aWindowInAContextThatIsTooLongForCpus() {
        Program program = new Program(1, 1);
        Value query = program.input("query", new Random(1), 2 * 64);
        Value keys = state(program, "keys", new Random(2), Encoding.Scalar.F16, 69_000, 70_000, 64);
        Value values = state(program, "values", new Random(3), Encoding.Scalar.F16, 69_000, 70_000, 64);
        program.result(new TensorOp.Attention(
                query, keys, values, program.position(69_999), 2, 1, 0.1f, Optional.of(1000), Optional.empty()));
        holds(program, DeviceProfile.CPU_VULKAN, LIMIT);
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

    private static int wholeBlocks(int elements, Encoding kept) {
        return Math.ceilDiv(elements, kept.elements()) * kept.elements();
    }

    /** A state whose rows from the first seen one to the last written one hold numbers, and the others NaN. */
    private static Value state(
            Program program, String name, Random random, Encoding kept, int unseen, int written, int columns) {
        float[] elements = BlockEncoder.of(kept).round(Program.gaussian(random, (written + 5) * columns));
        Arrays.fill(elements, 0, unseen * columns, Float.NaN);
        Arrays.fill(elements, written * columns, elements.length, Float.NaN);
        return program.state(name, kept, elements, columns);
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
