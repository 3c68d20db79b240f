package dev.quern.codegen;

import dev.quern.ir.Pointwise;
import dev.quern.ir.TensorOp;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
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

    @Property(tries = 8)
    void add(
            @ForAll @IntRange(min = 1, max = 5) int tokens,
            @ForAll @IntRange(min = 1, max = 500) int columns,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        Program program = program(tokens);
        Value left = program.input("left", random, columns);
        program.result(TensorOp.Map.sum(left, program.input("right", random, columns)));
        holds(program, profile, 0);
    }

    @Property(tries = 8)
    void scale(
            @ForAll @IntRange(min = 1, max = 5) int tokens,
            @ForAll @IntRange(min = 1, max = 500) int columns,
            @ForAll @FloatRange(min = -100, max = 100) float factor,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        Program program = program(tokens);
        program.result(TensorOp.Map.scaled(factor, program.input("x", random, columns)));
        holds(program, profile, LIMIT);
    }

    /** Gates from far below zero, where the exponential is more than a float holds, to far above. */
    @Property(tries = 8)
    void swiGlu(
            @ForAll @IntRange(min = 1, max = 5) int tokens,
            @ForAll @IntRange(min = 1, max = 500) int columns,
            @ForAll("profiles") DeviceProfile profile,
            @ForAll Random random) {
        Program program = program(tokens);
        float[] gates = Program.gaussian(random, tokens * columns);
        for (int index = 0; index < gates.length; index++) {
            gates[index] *= 60;
        }
        Value gate = program.input("gate", gates, columns);
        program.result(TensorOp.Map.gated(Pointwise.Function.SILU, gate, program.input("up", random, columns)));
        holds(program, profile, LIMIT);
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
