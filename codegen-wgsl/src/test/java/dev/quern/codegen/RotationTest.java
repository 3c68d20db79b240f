package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.ir.Encoding;
import dev.quern.ir.Rotation;
import dev.quern.ir.Rotation.Pairing;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.PlaceHeads;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.SideBySide;
import dev.quern.reference.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Rotations of heads, and what is written to states. */
class RotationTest extends DeviceTest {
    /**
     * Halves: an element that falls to the other side of a rounding is off by one part in 1,024, the others by nothing.
     */
    private static final double LIMIT_OF_HALVES = 1e-7;

    /** Blocks: of one an element may fall to the step beside its own, one of 127. */
    private static final double LIMIT_OF_BLOCKS = 1.0 / (127 * 127);

    private static final int POSITIONS = 300;

    /** The values in which keys and values lie, if queries lie in the first: all ways there are. */
    private static final int[][] SHARED = {{0, 0}, {0, 1}, {1, 0}, {1, 1}, {1, 2}};

    private static final float[] EXTREMES = {
        65_504,
        -65_504,
        65_519,
        -65_519,
        65_520,
        -65_520,
        1e5f,
        -1e5f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN
    };

    @Property(tries = 24)
    void rope(
            @ForAll @IntRange(min = 1, max = 5) int tokens,
            @ForAll @IntRange(min = 1, max = 7) int heads,
            @ForAll @IntRange(min = 1, max = 33) int halfHead,
            @ForAll Pairing pairing,
            @ForAll boolean factors,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        Rotation rotation = rotation(2 * halfHead, pairing, random);
        Program program = new Program(tokens, tokens == 1 ? 1 : 8);
        Value x = program.input("x", random, heads * rotation.headSize());
        Value position = program.position(random.nextInt(POSITIONS - tokens + 1));
        // A table is as long as the longest state.
        program.state("keys", random, Encoding.Scalar.F16, POSITIONS, 0, 8);
        program.result(new TensorOp.Rope(x, position, factors(program, rotation, factors, random), rotation));
        holds(program, profile, LIMIT);
    }

    @Property(tries = 24)
    void placeHeads(
            @ForAll @IntRange(min = 1, max = 5) int tokens,
            @ForAll @IntRange(min = 1, max = 4) int keyValueHeads,
            @ForAll @IntRange(min = 1, max = 4) int group,
            @ForAll @IntRange(min = 1, max = 16) int quarterHead,
            @ForAll Pairing pairing,
            @ForAll boolean factors,
            @ForAll("kept") Encoding kept,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        Rotation rotation = rotation(wholeBlocks(4 * quarterHead, kept), pairing, random);
        int heads = keyValueHeads * group;
        int width = keyValueHeads * rotation.headSize();
        Program program = new Program(tokens, tokens == 1 ? 1 : 8);
        Value qkv = program.input("qkv", random, (heads + 2 * keyValueHeads) * rotation.headSize());
        int start = random.nextInt(POSITIONS - tokens + 1);
        Value position = program.position(start);
        Value keys = program.state("keys", random, kept, POSITIONS, POSITIONS, width);
        Value values = program.state("values", random, kept, POSITIONS, POSITIONS, width);
        program.results(
                "query new_keys new_values",
                SideBySide.heads(
                        qkv,
                        position,
                        factors(program, rotation, factors, random),
                        keys,
                        values,
                        heads,
                        keyValueHeads,
                        rotation));
        holds(program, profile, limit(kept));
    }

    /**
     * Heads of one, two or three values, somewhere in them, each part normalised by heads, as a whole or not, rotated
     * or not.
     */
    @Property(tries = 64)
    void placeHeadsFromAnywhere(
            @ForAll @IntRange(min = 1, max = 5) int tokens,
            @ForAll @IntRange(min = 1, max = 3) int keyValueHeads,
            @ForAll @IntRange(min = 1, max = 4) int group,
            @ForAll @IntRange(min = 1, max = 20) int quarterHead,
            @ForAll @IntRange(max = 4) int sharing,
            @ForAll("kept") Encoding kept,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        int size = wholeBlocks(4 * quarterHead, kept);
        Program program = new Program(tokens, tokens == 1 ? 1 : 8);
        // Which value each part lies in.
        int[] values = {0, SHARED[sharing][0], SHARED[sharing][1]};
        int[] heads = {keyValueHeads * group, keyValueHeads, keyValueHeads};
        int[] starts = new int[3];
        int[] widths = new int[3];
        for (int part = 2; part >= 0; part--) {
            widths[values[part]] += random.nextInt(4);
            starts[part] = widths[values[part]];
            widths[values[part]] += heads[part] * size;
        }
        List<Value> sources = new ArrayList<>();
        for (int source = 0; source < 3 && widths[source] > 0; source++) {
            sources.add(program.input("x" + source, random, widths[source] + random.nextInt(3)));
        }
        List<PlaceHeads.Part> parts = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            int together = random.nextInt(3) == 0 ? heads[part] * size : size;
            Optional<Linear.Norm> norm = random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(
                            new Linear.Norm(program.vector("gain" + part, Program.gaussian(random, together)), 1e-6f));
            parts.add(new PlaceHeads.Part(sources.get(values[part]), starts[part], norm));
        }
        Optional<Rotation> rotation = random.nextInt(4) == 0
                ? Optional.empty()
                : Optional.of(rotation(size, random.nextBoolean() ? Pairing.HALVES : Pairing.ADJACENT, random));
        Optional<Value> factors = rotation.flatMap(each -> factors(program, each, random.nextBoolean(), random));
        Value position = program.position(random.nextInt(POSITIONS - tokens + 1));
        int rows = random.nextBoolean() ? POSITIONS : 8 + random.nextInt(POSITIONS - 8);
        Value keys = program.state("keys", random, kept, rows, rows, keyValueHeads * size);
        Value kv = program.state("values", random, kept, rows, rows, keyValueHeads * size);
        program.state("all", random, kept, POSITIONS, 0, keyValueHeads * size);
        program.results(
                "query new_keys new_values",
                new PlaceHeads(
                        parts.get(0),
                        parts.get(1),
                        parts.get(2),
                        position,
                        keys,
                        kv,
                        factors,
                        heads[0],
                        keyValueHeads,
                        rotation));
        holds(program, profile, limit(kept));
    }

    @Property(tries = 12)
    void stateWrite(
            @ForAll @IntRange(min = 1, max = 5) int tokens,
            @ForAll @IntRange(min = 1, max = 150) int pairs,
            @ForAll @IntRange(min = 8, max = 20) int rows,
            @ForAll("kept") Encoding kept,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        Program program = new Program(tokens, tokens == 1 ? 1 : 8);
        int columns = wholeBlocks(2 * pairs, kept);
        Value x = program.input("x", random, columns);
        Value position = program.position(random.nextInt(20 - tokens + 1));
        Value state = program.state("state", random, kept, rows, rows, columns);
        // There are as many positions as the longest state has rows.
        program.state("all", random, kept, 20, 0, columns);
        program.result(new TensorOp.StateWrite(state, x, position));
        holds(program, profile, limit(kept));
    }

    /**
     * What leaves the range of halves, and what is NaN, is written as the interpreter rounds it, and spoils no
     * neighbour.
     */
    @Property(tries = 24)
    void whatNoHalfHolds(
            @ForAll @IntRange(min = 1, max = 40) int pairs,
            @ForAll("kept") Encoding kept,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        float[] elements = Program.gaussian(random, wholeBlocks(2 * pairs, kept));
        for (int count = random.nextInt(1 + pairs); count >= 0; count--) {
            elements[random.nextInt(elements.length)] = EXTREMES[random.nextInt(EXTREMES.length)];
        }
        Program program = new Program(1, 1);
        Value x = program.input("x", elements, elements.length);
        Value state = program.state("state", random, kept, 3, 3, elements.length);
        Value written = program.result(new TensorOp.StateWrite(state, x, program.position(1)));
        float[] expected = actual(program.expected(), written);
        float[] found = actual(runner().run(program, profile), written.name()).floats();
        for (int index = 0; index < expected.length; index++) {
            // A half or a step that is nearer to the other neighbour is a matter of rounding; what is no number is not.
            float room = room(kept, expected, index);
            assertEquals(expected[index], found[index], Float.isFinite(room) ? room : 0, "element " + index);
        }
    }

    /** What is no matter of rounding: elements that lie near to one of the 127 steps become that step. */
    @Property(tries = 24)
    void blocksAreThoseOfTheInterpreter(
            @ForAll @IntRange(min = 1, max = 70) int blocks,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        float[] elements = new float[32 * blocks];
        float[] expected = new float[elements.length];
        for (int block = 0; block < blocks; block++) {
            float step = Float.float16ToFloat((short) (0x0400 + random.nextInt(0x7700)));
            int largest = random.nextInt(32);
            for (int index = 32 * block; index < 32 * block + 32; index++) {
                boolean first = index % 32 == largest;
                int quant = first ? 127 : random.nextInt(255) - 127;
                expected[index] = quant * step;
                float beside = first || Math.abs(quant) == 127 ? 0 : 0.9f * random.nextFloat() - 0.45f;
                elements[index] = (quant + beside) * step;
            }
        }
        Program program = new Program(1, 1);
        Value x = program.input("x", elements, elements.length);
        Value state = program.state("state", random, Encoding.Block.Q8_0, 3, 3, elements.length);
        Value written = program.result(new TensorOp.StateWrite(state, x, program.position(1)));
        float[] found = actual(runner().run(program, profile), written.name()).floats();
        assertArrayEquals(expected, Arrays.copyOfRange(found, elements.length, 2 * elements.length));
        assertArrayEquals(
                expected,
                Arrays.copyOfRange(actual(program.expected(), written), elements.length, 2 * elements.length));
    }

    private static float room(Encoding kept, float[] expected, int index) {
        if (kept == Encoding.Scalar.F32) {
            return 0;
        }
        if (kept == Encoding.Scalar.F16) {
            return Math.abs(expected[index]) / 1024;
        }
        float largest = 0;
        for (int element = index / 32 * 32; element < index / 32 * 32 + 32; element++) {
            largest = Math.max(largest, Math.abs(expected[element]));
        }
        return largest / 126;
    }

    /** Heads of states in blocks are whole blocks; an odd number of them shares a word of scales with the next head. */
    private static int wholeBlocks(int elements, Encoding kept) {
        return Math.ceilDiv(elements, kept.elements()) * kept.elements();
    }

    private static float[] actual(Map<String, Tensor> values, Value value) {
        return Objects.requireNonNull(values.get(value.name())).floats();
    }

    private static double limit(Encoding kept) {
        if (kept == Encoding.Block.Q8_0) {
            return LIMIT_OF_BLOCKS;
        }
        return kept == Encoding.Scalar.F16 ? LIMIT_OF_HALVES : LIMIT;
    }

    private static Rotation rotation(int headSize, Pairing pairing, Random random) {
        int rotary = 2 * (1 + random.nextInt(headSize / 2));
        float scale = random.nextBoolean() ? 1 : 0.25f;
        return new Rotation(
                headSize,
                rotary,
                random.nextBoolean() ? 10_000 : 500_000,
                scale,
                pairing,
                random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(new Rotation.Yarn(1 << (3 + random.nextInt(12)), 32, 1)),
                random.nextBoolean() ? 1 : 0.5f + random.nextFloat());
    }

    private static Optional<Value> factors(Program program, Rotation rotation, boolean present, Random random) {
        if (!present) {
            return Optional.empty();
        }
        float[] factors = new float[rotation.rotary() / 2];
        for (int pair = 0; pair < factors.length; pair++) {
            factors[pair] = 1 + 7 * random.nextFloat();
        }
        return Optional.of(program.vector("factors", factors));
    }
}
