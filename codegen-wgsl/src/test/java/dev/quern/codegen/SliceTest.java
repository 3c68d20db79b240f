package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.codegen.lowering.SelectionException;
import dev.quern.ir.Encoding;
import dev.quern.ir.Slice;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.BlockCodec;
import dev.quern.reference.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Products and lookups whose weights are cut into slices: what they write together is what a whole weight gives. */
class SliceTest extends DeviceTest {

    /** Every profile, one token and several, every finish, at shapes that fill nothing. */
    @Property(generation = GenerationMode.EXHAUSTIVE, shrinking = ShrinkingMode.OFF)
    void everyFinish(@ForAll Finishes finish, @ForAll boolean many, @ForAll("offered") DeviceProfile profile) {
        product(Encoding.Block.Q4_1, true, finish, many ? 6 : 1, List.of(0, 40, 43, 86), 96, profile, new Random(86));
    }

    @Property(tries = 48)
    void slicesOfAProduct(
            @ForAll("encodings") Encoding encoding,
            @ForAll boolean normed,
            @ForAll Finishes finish,
            @ForAll @IntRange(min = 1, max = 9) int tokens,
            @ForAll @IntRange(min = 1, max = 90) int first,
            @ForAll @IntRange(min = 1, max = 90) int second,
            @ForAll @IntRange(max = 90) int third,
            @ForAll @IntRange(min = 1, max = 12) int blocks,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        List<Integer> cuts = third == 0
                ? List.of(0, first, first + second)
                : List.of(0, first, first + second, first + second + third);
        int columns = Encodings.columns(encoding, blocks, 3);
        product(encoding, normed, finish, tokens, cuts, columns, profile, random);
    }

    @Property(tries = 32)
    void slicesOfATable(
            @ForAll("encodings") Encoding encoding,
            @ForAll @IntRange(min = 1, max = 9) int count,
            @ForAll @IntRange(min = 1, max = 40) int first,
            @ForAll @IntRange(min = 1, max = 40) int second,
            @ForAll @IntRange(min = 1, max = 40) int third,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        int whole = first + second + third;
        int columns = Encodings.columns(encoding, 4, 3);
        Program program = new Program(count, count == 1 ? 1 : count + 3);
        lookup(
                program,
                program.tokens(random.ints(count, 0, whole).toArray()),
                encoding,
                columns,
                random,
                List.of(0, first, first + second, whole));
        holds(program, profile, LIMIT);
    }

    /** Such a token reads the last row of the whole table, as it does of one that is not cut. */
    @Property(tries = 8)
    void aTokenBeyondTheWholeTableReadsItsLastRow(@ForAll("offered") DeviceProfile profile, @ForAll Random random) {
        Program program = new Program(3, 4);
        Value y = lookup(program, program.tokens(12, 2000, -1), Encoding.Scalar.F32, 8, random, List.of(0, 5, 12));
        Tensor found = actual(runner().run(program, profile), y.name());
        float[] last = BlockCodec.of(Encoding.Scalar.F32).decode(program.bytes("table1"));
        for (int row = 0; row < 3; row++) {
            assertArrayEquals(Arrays.copyOfRange(last, 6 * 8, 7 * 8), found.row(row));
        }
    }

    /** What belongs to rows behind a slice is not written: buffers begin as numbers that are none. */
    @Property(generation = GenerationMode.EXHAUSTIVE)
    void whatIsBehindASliceIsLeft(@ForAll("offered") DeviceProfile profile, @ForAll boolean many) {
        int tokens = many ? 5 : 1;
        Program program = new Program(tokens, many ? 8 : 1);
        Random random = new Random(3);
        Value weight = program.weight("weight", random, Encoding.Block.Q8_0, 21, 64);
        Value y = program.result(new Linear(
                program.input("x", random, 64),
                Optional.empty(),
                weight,
                1,
                Linear.PLAIN,
                Optional.of(new Slice(0, 30, Optional.empty()))));
        Tensor found = actual(runner().run(program, profile), y.name());
        for (int index = 0; index < tokens * 30; index++) {
            assertEquals(index % 30 < 21, Float.isFinite(found.floats()[index]));
        }
    }

    @Example
    void whatHasTheOtherPartsMustBeSpent() {
        Program program = new Program(1, 1);
        Random random = new Random(4);
        Value x = program.input("x", random, 40);
        Value weight = program.weight("weight", random, Encoding.Scalar.F32, 20, 40);
        Value first = program.step(new Linear(
                x, Optional.empty(), weight, 1, Linear.PLAIN, Optional.of(new Slice(0, 40, Optional.empty()))));
        program.result(new Linear(
                x, Optional.empty(), weight, 1, Linear.PLAIN, Optional.of(new Slice(20, 40, Optional.of(first)))));
        SelectKernels.select(program.module(), DeviceProfile.PORTABLE);
        program.result(TensorOp.Map.sum(first, x));
        refused(program, "but something reads %step afterwards");

        Program onto = new Program(1, 1);
        Value own = onto.input("x", random, 40);
        Value rows = onto.weight("weight", random, Encoding.Scalar.F32, 20, 40);
        onto.result(new Linear(
                own, Optional.empty(), rows, 1, Linear.PLAIN, Optional.of(new Slice(20, 40, Optional.of(own)))));
        refused(onto, "what a kernel writes it cannot read");
    }

    private static void refused(Program program, String part) {
        for (DeviceProfile profile : DeviceProfile.ALL) {
            SelectionException refusal =
                    assertThrows(SelectionException.class, () -> SelectKernels.select(program.module(), profile));
            assertTrue(String.valueOf(refusal.getMessage()).contains(part), refusal.getMessage());
        }
    }

    private static void product(
            Encoding encoding,
            boolean normed,
            Finishes finish,
            int tokens,
            List<Integer> cuts,
            int columns,
            DeviceProfile profile,
            Random random) {
        Program program = new Program(tokens, tokens == 1 ? 1 : Math.ceilDiv(tokens, 4) * 4);
        int whole = cuts.getLast();
        Value x = program.input("x", random, columns);
        Optional<Linear.Norm> norm = normed
                ? Optional.of(new Linear.Norm(program.vector("gain", Program.gaussian(random, columns)), 1e-5f))
                : Optional.empty();
        Value residual = finish.adds() ? program.input("residual", random, whole) : x;
        Value bias = finish.biases() ? program.vector("bias", Program.gaussian(random, whole)) : x;
        slices(program, cuts, (index, slice) -> {
            int rows = cuts.get(index + 1) - cuts.get(index);
            Value weight = program.weight("weight" + index, random, encoding, finish.parts() * rows, columns);
            return new Linear(x, norm, weight, finish.parts(), finish.of(residual, bias), Optional.of(slice));
        });
        holds(program, profile, LIMIT);
    }

    private static Value lookup(
            Program program, Value tokens, Encoding encoding, int columns, Random random, List<Integer> cuts) {
        return slices(program, cuts, (index, slice) -> {
            int rows = cuts.get(index + 1) - cuts.get(index);
            Value table = program.weight("table" + index, random, encoding, rows, columns);
            return new TensorOp.Embed(tokens, table, Optional.of(slice));
        });
    }

    /** What computes a slice. */
    @FunctionalInterface
    private interface Computation {
        TensorOp of(int index, Slice slice);
    }

    private static Value slices(Program program, List<Integer> cuts, Computation computation) {
        Optional<Value> others = Optional.empty();
        int last = cuts.size() - 2;
        for (int index = 0; index < last; index++) {
            others = Optional.of(
                    program.step(computation.of(index, new Slice(cuts.get(index), cuts.getLast(), others))));
        }
        return program.result(computation.of(last, new Slice(cuts.get(last), cuts.getLast(), others)));
    }

    @Provide
    static Arbitrary<DeviceProfile> offered() {
        return Arbitraries.of(DeviceProfile.ALL);
    }

    @Provide
    static Arbitrary<Encoding> encodings() {
        return Arbitraries.of(Encodings.ALL);
    }
}
