package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.ir.Pointwise;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

/** Kernels that look at one row, or one element, at a time. */
class PointwiseTest extends DeviceTest {

    @Property(tries = 12)
    void rmsNorm(
            @ForAll @IntRange(min = 1, max = 5) int tokens,
            @ForAll @IntRange(min = 1, max = 200) int quarters,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        int columns = 4 * quarters;
        Program program = program(tokens);
        Value gain = program.vector("gain", Program.gaussian(random, columns));
        program.result(new TensorOp.RmsNorm(program.input("x", random, columns), gain, 1e-5f));
        holds(program, profile, LIMIT);
    }

    /** Norms over heads: groups of columns, one gain for all of them. */
    @Property(tries = 12)
    void rmsNormOfGroups(
            @ForAll @IntRange(min = 1, max = 5) int tokens,
            @ForAll @IntRange(min = 1, max = 70) int quarters,
            @ForAll @IntRange(min = 2, max = 9) int groups,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        Program program = program(tokens);
        Value gain = program.vector("gain", Program.gaussian(random, 4 * quarters));
        program.result(new TensorOp.RmsNorm(program.input("x", random, groups * 4 * quarters), gain, 1e-5f));
        holds(program, profile, LIMIT);
    }

    /** Any expression behind a norm of rows or groups, over its input too; what nobody reads later is overwritten. */
    @Property(tries = 24)
    void rmsNormWithAFinish(
            @ForAll @IntRange(min = 1, max = 5) int tokens,
            @ForAll @IntRange(min = 1, max = 70) int quarters,
            @ForAll @IntRange(min = 1, max = 4) int groups,
            @ForAll @IntRange(max = 2) int residuals,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        Program program = program(tokens);
        int columns = groups * 4 * quarters;
        Value gain = program.vector("gain", Program.gaussian(random, 4 * quarters));
        Value x = program.input("x", random, columns);
        List<Pointwise> leaves = new ArrayList<>(List.of(
                TensorOp.Linear.PLAIN,
                Pointwise.of(x),
                Pointwise.of(program.vector("v", Program.gaussian(random, columns)))));
        for (int index = 0; index < residuals; index++) {
            leaves.add(Pointwise.of(program.input("residual" + index, random, columns)));
        }
        program.result(new TensorOp.RmsNorm(x, gain, 1e-5f, RandomExpressions.over(leaves, random)));
        holds(program, profile, LIMIT);
    }

    @Property(tries = 8)
    void columns(
            @ForAll @IntRange(min = 1, max = 5) int tokens,
            @ForAll @IntRange(min = 1, max = 500) int columns,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        Program program = program(tokens);
        int start = random.nextInt(columns);
        int extent = 1 + random.nextInt(columns - start);
        program.result(new TensorOp.Columns(program.input("x", random, columns), start, extent));
        holds(program, profile, 0);
    }

    /** Any expression over up to three activations and up to two vectors, which may be longer than uniforms are. */
    @Property(tries = 40)
    void anyExpression(
            @ForAll @IntRange(min = 1, max = 5) int tokens,
            @ForAll @IntRange(min = 8, max = 500) int columns,
            @ForAll @IntRange(min = 1, max = 3) int activations,
            @ForAll @IntRange(max = 2) int vectors,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        Program program = program(tokens);
        List<Pointwise> leaves = new ArrayList<>();
        for (int index = 0; index < activations; index++) {
            leaves.add(Pointwise.of(program.input("x" + index, random, columns)));
        }
        for (int index = 0; index < vectors; index++) {
            leaves.add(Pointwise.of(program.vector("v" + index, Program.gaussian(random, columns))));
        }
        program.result(new TensorOp.Map(RandomExpressions.over(leaves, random)));
        holds(program, profile, LIMIT);
    }

    @Property(tries = 3)
    void vectorsThatNoUniformHolds(@ForAll("offered") DeviceProfile profile, @ForAll Random random) {
        Program program = program(2);
        Value x = program.input("x", random, 16_388);
        program.result(TensorOp.Map.sum(x, program.vector("v", Program.gaussian(random, 16_388))));
        holds(program, profile, 0);
    }

    /** Every function over arguments of every size, at both ends of which it has a limit or grows without one. */
    @Property(generation = GenerationMode.EXHAUSTIVE, shrinking = ShrinkingMode.OFF)
    void everyFunctionFarOut(
            @ForAll Pointwise.Function function,
            @ForAll("sizes") int exponent,
            @ForAll("offered") DeviceProfile profile) {
        Random random = new Random(exponent);
        Program program = program(1);
        float[] x = Program.gaussian(random, 64);
        for (int index = 0; index < x.length; index++) {
            x[index] *= (float) Math.pow(10, exponent);
        }
        program.result(new TensorOp.Map(new Pointwise.Unary(function, Pointwise.of(program.input("x", x, 64)))));
        holds(program, profile, LIMIT);
    }

    @Provide
    static Arbitrary<Integer> sizes() {
        return Arbitraries.of(-2, 0, 1, 2, 4, 12, 30);
    }

    @Provide
    static Arbitrary<DeviceProfile> offered() {
        return Arbitraries.of(DeviceProfile.ALL);
    }

    /** What is no number stays none, so that a logit that fails does not look like one. */
    @Property(generation = GenerationMode.EXHAUSTIVE, shrinking = ShrinkingMode.OFF)
    void whatIsNoNumberStaysNone(@ForAll Pointwise.Function function, @ForAll("offered") DeviceProfile profile) {
        Program program = program(1);
        Value x = program.input("x", new float[] {Float.NaN, 1}, 2);
        program.result(new TensorOp.Map(new Pointwise.Unary(function, Pointwise.of(x))));
        float[] y = actual(runner().run(program, profile), "y").floats();
        // What is not above zero is zero.
        assertEquals(function != Pointwise.Function.RELU, Float.isNaN(y[0]), () -> function + " of NaN is " + y[0]);
    }

    @Property(tries = 3)
    void infinitiesHaveAHyperbolicTangent(@ForAll("offered") DeviceProfile profile) {
        Program program = program(1);
        Value x = program.input("x", new float[] {Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f, -16}, 4);
        program.result(new TensorOp.Map(new Pointwise.Unary(Pointwise.Function.TANH, Pointwise.of(x))));
        holds(program, profile, 0);
    }

    @Property(tries = 4)
    void oneColumn(
            @ForAll @IntRange(min = 1, max = 5) int tokens,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        Program program = program(tokens);
        Value left = program.input("left", random, 1);
        program.result(TensorOp.Map.sum(left, program.input("right", random, 1)));
        holds(program, profile, 0);
    }

    /** Single results at the lower end of the range, where a device may give zero and the interpreter does not. */
    @Property(tries = 8)
    void swiGluWhereResultsVanish(
            @ForAll @FloatRange(min = -110, max = -80) float gate, @ForAll("profiles") DeviceProfile profile) {
        Program program = program(1);
        Value gates = program.input("gate", new float[] {gate}, 1);
        program.result(TensorOp.Map.gated(Pointwise.Function.SILU, gates, program.input("up", new float[] {-1.5f}, 1)));
        holds(program, profile, LIMIT);
    }

    private static Program program(int tokens) {
        return new Program(tokens, tokens == 1 ? 1 : 8);
    }
}
