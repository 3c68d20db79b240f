package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.codegen.lowering.Lowerings;
import dev.quern.codegen.lowering.Setting;
import dev.quern.codegen.lowering.Variant;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Products with weights of every encoding, with what is fused before and after them. */
class MatrixTest extends DeviceTest {

    /**
     * The offered profiles, all encodings, everything that is fused, at shapes that fill neither tiles nor chunks nor
     * groups.
     */
    @Property(generation = GenerationMode.EXHAUSTIVE, shrinking = ShrinkingMode.OFF)
    void everyInstance(
            @ForAll("encodings") Encoding encoding,
            @ForAll Finishes finish,
            @ForAll boolean many,
            @ForAll("offered") DeviceProfile profile) {
        boolean normed = !finish.adds();
        int columns = Encodings.columns(encoding, encoding.elements() == 32 ? 13 : 17, 3);
        check(encoding, normed, finish, many ? 6 : 1, many ? 8 : 1, 86, columns, profile, new Random(columns));
    }

    @Property(tries = 40)
    void anyShape(
            @ForAll("encodings") Encoding encoding,
            @ForAll boolean normed,
            @ForAll Finishes finish,
            @ForAll @IntRange(min = 1, max = 12) int tokens,
            @ForAll @IntRange(min = 1, max = 150) int rows,
            @ForAll @IntRange(min = 1, max = 20) int blocks,
            @ForAll @IntRange(max = 7) int quarters,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        int columns = Encodings.columns(encoding, blocks, quarters);
        int bound = tokens == 1 ? 1 : Math.ceilDiv(tokens, 4) * 4;
        check(encoding, normed, finish, tokens, bound, rows, columns, profile, random);
    }

    /**
     * So many tiles of eight rows that a workgroup serves more of them, six, eight or sixteen; the last group and the
     * last tile in part.
     */
    @Property(generation = GenerationMode.EXHAUSTIVE, shrinking = ShrinkingMode.OFF)
    void manyRows(@ForAll("manyTiles") int tiles, @ForAll Finishes finish, @ForAll boolean many) {
        int rows = (8 * tiles - 3) / finish.parts();
        Random random = new Random(tiles);
        DeviceProfile profile = DeviceProfile.CPU_SWIFTSHADER;
        check(Encoding.Block.Q4_1, true, finish, many ? 5 : 1, many ? 8 : 1, rows, 96, profile, random);
    }

    @Provide
    static Arbitrary<Integer> manyTiles() {
        return Arbitraries.of(73, 97, 193);
    }

    /** Weights that are decoded once for many tokens: tiles of rows and of tokens that are filled in part. */
    @Property(tries = 40)
    void manyTokens(
            @ForAll("encodings") Encoding encoding,
            @ForAll boolean normed,
            @ForAll Finishes finish,
            @ForAll @IntRange(min = 16, max = 70) int bound,
            @ForAll @IntRange(min = 1, max = 70) int tokens,
            @ForAll @IntRange(min = 1, max = 150) int rows,
            @ForAll @IntRange(min = 1, max = 12) int blocks,
            @ForAll @IntRange(max = 7) int quarters,
            @ForAll Random random) {
        int columns = Encodings.columns(encoding, blocks, quarters);
        check(encoding, normed, finish, Math.min(tokens, bound), bound, rows, columns, DeviceProfile.PORTABLE, random);
    }

    /** Inputs beyond what a uniform holds are bound as storage. */
    @Property(tries = 4)
    void moreTokensThanAUniformHolds(@ForAll("offered") DeviceProfile profile, @ForAll Random random) {
        check(Encoding.Block.Q8_0, true, Finishes.STORE, 30, 32, 40, 544, profile, random);
    }

    /** Whichever variant is asked for, it computes the same: more tiles than there are rows, and inputs as storage. */
    @Property(generation = GenerationMode.EXHAUSTIVE, shrinking = ShrinkingMode.OFF)
    void everyVariant(
            @ForAll("encodingsOfEachKind") Encoding encoding,
            @ForAll Finishes finish,
            @ForAll boolean many,
            @ForAll("offered") DeviceProfile profile) {
        Random random = new Random(86);
        int columns = Encodings.columns(encoding, 3, 0);
        Program program = program(encoding, true, finish, many ? 6 : 1, many ? 16 : 1, 86, columns, random);
        Module lowered = SelectKernels.select(program.module(), profile).module();
        Function function = lowered.functions().getFirst();
        Statement statement = function.body().getLast();
        TensorOp computes = ((Dispatch) statement.op()).computes();
        Setting setting = Setting.of(program.module(), profile).at(function, 0);
        List<Variant> variants = Lowerings.variants(computes, setting);
        assertEquals(
                switch (profile.shape()) {
                    case LANE_PER_ROW -> 2;
                    case FOUR_LANES -> 4;
                    case WORKGROUP -> many ? 3 : 2;
                },
                variants.size());
        for (Variant variant : variants) {
            Statement asked = new Statement(statement.results(), variant.dispatch(computes));
            Function other = function.with(List.of(asked), function.results());
            Selection selection = SelectKernels.select(lowered.with(lowered.weights(), List.of(other)), profile);
            assertEquals(List.of(variant.definition()), selection.kernels());
            holds(program, runner().run(program, selection, profile), LIMIT);
        }
    }

    /**
     * Any expression over the parts of a product, up to two activations, of which one may be the product's own input,
     * and up to two vectors.
     */
    @Property(tries = 40)
    void anyFinish(
            @ForAll("encodings") Encoding encoding,
            @ForAll boolean normed,
            @ForAll boolean square,
            @ForAll @IntRange(min = 1, max = 2) int parts,
            @ForAll @IntRange(max = 2) int residuals,
            @ForAll @IntRange(max = 2) int vectors,
            @ForAll @IntRange(min = 1, max = 9) int tokens,
            @ForAll @IntRange(min = 8, max = 150) int anyRows,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        int columns = Encodings.columns(encoding, 3, 0);
        int rows = square ? columns : anyRows;
        Program program = new Program(tokens, tokens == 1 ? 1 : Math.ceilDiv(tokens, 4) * 4);
        Value x = program.input("x", random, columns);
        Value weight = program.weight("weight", random, encoding, parts * rows, columns);
        List<Pointwise> leaves = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            leaves.add(new Pointwise.Part(part));
        }
        for (int index = 0; index < residuals; index++) {
            leaves.add(Pointwise.of(program.input("residual" + index, random, rows)));
        }
        for (int index = 0; index < vectors; index++) {
            leaves.add(Pointwise.of(program.vector("vector" + index, Program.gaussian(random, rows))));
        }
        if (square) {
            leaves.add(Pointwise.of(x));
        }
        Optional<TensorOp.Linear.Norm> norm = normed
                ? Optional.of(
                        new TensorOp.Linear.Norm(program.vector("gain", Program.gaussian(random, columns)), 1e-5f))
                : Optional.empty();
        program.result(new TensorOp.Linear(x, norm, weight, parts, RandomExpressions.over(leaves, random)));
        holds(program, profile, LIMIT);
    }

    @Provide
    static Arbitrary<Encoding> encodingsOfEachKind() {
        return Arbitraries.of(Encoding.Block.Q4_0, Encoding.Block.Q6_K, Encoding.Scalar.F16);
    }

    @Provide
    static Arbitrary<DeviceProfile> offered() {
        return Arbitraries.of(DeviceProfile.ALL);
    }

    @Provide
    static Arbitrary<Encoding> encodings() {
        return Arbitraries.of(Encodings.ALL);
    }

    /** {@code rows} are those of the result: a product of two parts has twice as many. */
    private static void check(
            Encoding encoding,
            boolean normed,
            Finishes finish,
            int tokens,
            int bound,
            int rows,
            int columns,
            DeviceProfile profile,
            Random random) {
        holds(program(encoding, normed, finish, tokens, bound, rows, columns, random), profile, LIMIT);
    }

    private static Program program(
            Encoding encoding,
            boolean normed,
            Finishes finish,
            int tokens,
            int bound,
            int rows,
            int columns,
            Random random) {
        Program program = new Program(tokens, bound);
        Value x = program.input("x", random, columns);
        Value weight = program.weight("weight", random, encoding, finish.parts() * rows, columns);
        if (!normed && finish == Finishes.STORE) {
            program.result(new TensorOp.MatMul(x, weight));
        } else {
            Optional<TensorOp.Linear.Norm> norm = normed
                    ? Optional.of(
                            new TensorOp.Linear.Norm(program.vector("gain", Program.gaussian(random, columns)), 1e-5f))
                    : Optional.empty();
            Value residual = finish.adds() ? program.input("residual", random, rows) : x;
            Value bias = finish.biases() ? program.vector("bias", Program.gaussian(random, rows)) : weight;
            program.result(new TensorOp.Linear(x, norm, weight, finish.parts(), finish.of(residual, bias)));
        }
        return program;
    }
}
