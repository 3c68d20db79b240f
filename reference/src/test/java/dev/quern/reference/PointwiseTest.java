package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.ir.Pointwise;
import dev.quern.ir.TensorOp;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Embedding, normalisation, products, and what goes element by element. */
class PointwiseTest {

    @Test
    void embeddingGivesTheRowsThatTheTokensName() {
        Program program = new Program();
        var tokens = program.tokens(2, 0, 2);
        var table = program.weight("table", Tensor.floats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
        Tensor result = program.result(new TensorOp.Embed(tokens, table));
        assertArrayEquals(new float[] {5, 6, 1, 2, 5, 6}, result.floats());
    }

    @Test
    void aTokenBeyondTheTableIsRefused() {
        Program program = new Program();
        var tokens = program.tokens(1, 3);
        var table = program.weight("table", Tensor.zeros(3, 2));
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> program.result(new TensorOp.Embed(tokens, table)));
        assertEquals("token 3 in place 1 is none of the 3 rows of the embedding table.", refusal.getMessage());
    }

    @Property
    void aNormalisedRowHasTheMeanSquareOne(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int columns) {
        Tensor x = Program.random(new Random(seed), 3, columns);
        Tensor result = norm(x, 1, 0);
        for (int row = 0; row < 3; row++) {
            double squares = 0;
            for (float element : result.row(row)) {
                squares += (double) element * element;
            }
            assertEquals(1, squares / columns, 1e-6);
        }
    }

    @Property
    void normalisationForgetsAPowerOfTwo(@ForAll long seed, @ForAll @IntRange(min = -20, max = 20) int power) {
        Tensor x = Program.random(new Random(seed), 2, 17);
        Tensor scaled = Tensor.floats(x.floats().clone(), 2, 17);
        for (int index = 0; index < scaled.floats().length; index++) {
            scaled.floats()[index] = Math.scalb(scaled.floats()[index], power);
        }
        assertArrayEquals(norm(x, 3, 0).floats(), norm(scaled, 3, 0).floats());
    }

    @Test
    void theGainMultipliesAndEpsilonStandsUnderTheRoot() {
        // Mean square (9 + 16) / 2 = 12.5; with epsilon 3.5 the root is 4.
        Tensor result = norm(Tensor.floats(new float[] {3, 4}, 1, 2), 2, 3.5f);
        assertArrayEquals(new float[] {1.5f, 2}, result.floats());
    }

    /** Each group of columns is a row of its own. */
    @Property
    void groupsAreNormalisedByThemselves(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int groups,
            @ForAll @IntRange(min = 1, max = 9) int size) {
        Random random = new Random(seed);
        Tensor x = Program.random(random, 2, groups * size);
        Tensor gain = Tensor.floats(Program.random(random, 1, size).floats(), size);
        Program program = new Program();
        Tensor together =
                program.result(new TensorOp.RmsNorm(program.input("x", x), program.weight("gain", gain), 1e-5f));
        Program rows = new Program();
        Tensor apart = rows.result(new TensorOp.RmsNorm(
                rows.input("x", Tensor.floats(x.floats(), 2 * groups, size)), rows.weight("gain", gain), 1e-5f));
        assertArrayEquals(apart.floats(), together.floats());
    }

    private static Tensor norm(Tensor x, float gain, float epsilon) {
        Program program = new Program();
        float[] gains = new float[x.columns()];
        Arrays.fill(gains, gain);
        var weight = program.weight("gain", Tensor.floats(gains, gains.length));
        return program.result(new TensorOp.RmsNorm(program.input("x", x), weight, epsilon));
    }

    @Property
    void theIdentityMatrixChangesNothing(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int columns) {
        Tensor identity = Tensor.zeros(columns, columns);
        for (int index = 0; index < columns; index++) {
            identity.floats()[index * columns + index] = 1;
        }
        Tensor x = Program.random(new Random(seed), 3, columns);
        assertArrayEquals(x.floats(), product(x, identity).floats());
    }

    @Property
    void productsOfSmallIntegersAreExact(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int rows,
            @ForAll @IntRange(min = 1, max = 33) int inputs,
            @ForAll @IntRange(min = 1, max = 9) int outputs) {
        Random random = new Random(seed);
        int[][] x = integers(random, rows, inputs);
        int[][] weight = integers(random, outputs, inputs);
        Tensor result = product(tensor(x), tensor(weight));
        for (int row = 0; row < rows; row++) {
            for (int output = 0; output < outputs; output++) {
                int sum = 0;
                for (int input = 0; input < inputs; input++) {
                    sum += x[row][input] * weight[output][input];
                }
                assertEquals(sum, result.floats()[row * outputs + output], "row " + row + ", output " + output);
            }
        }
    }

    @Test
    void aProductSumsInDoublePrecision() {
        // In float 2^24 + 1 is 2^24, and the sum would be 0.
        Tensor x = Tensor.floats(new float[] {0x1p24f, 1, -0x1p24f}, 1, 3);
        assertArrayEquals(
                new float[] {1},
                product(x, Tensor.floats(new float[] {1, 1, 1}, 1, 3)).floats());
    }

    private static Tensor product(Tensor x, Tensor weight) {
        Program program = new Program();
        return program.result(new TensorOp.MatMul(program.input("x", x), program.weight("weight", weight)));
    }

    private static int[][] integers(Random random, int rows, int columns) {
        int[][] matrix = new int[rows][columns];
        for (int[] row : matrix) {
            for (int column = 0; column < columns; column++) {
                row[column] = random.nextInt(201) - 100;
            }
        }
        return matrix;
    }

    private static Tensor tensor(int[][] matrix) {
        Tensor tensor = Tensor.zeros(matrix.length, matrix[0].length);
        for (int row = 0; row < matrix.length; row++) {
            for (int column = 0; column < matrix[0].length; column++) {
                tensor.floats()[row * matrix[0].length + column] = matrix[row][column];
            }
        }
        return tensor;
    }

    @Property
    void sumsAndMultiplesAreThoseOfFloats(@ForAll float left, @ForAll float right) {
        Program program = new Program();
        var x = program.input("x", Tensor.floats(new float[] {left, right}, 1, 2));
        var y = program.input("y", Tensor.floats(new float[] {right, right}, 1, 2));
        Tensor sum = program.result(TensorOp.Map.sum(x, y));
        assertArrayEquals(new float[] {left + right, right + right}, sum.floats());
        Program scaling = new Program();
        var z = scaling.input("z", Tensor.floats(new float[] {left}, 1, 1));
        assertArrayEquals(
                new float[] {right * left},
                scaling.result(TensorOp.Map.scaled(right, z)).floats());
    }

    @Property
    void theGateIsTheInputTimesItsLogisticFunction(
            @ForAll @FloatRange(min = -30, max = 30) float gate, @ForAll @FloatRange(min = -30, max = 30) float up) {
        // silu(z) = z / 2 * (1 + tanh(z / 2)) is another way to write it.
        double expected = gate / 2.0 * (1 + Math.tanh(gate / 2.0)) * up;
        Program program = new Program();
        var gates = program.input("gate", Tensor.floats(new float[] {gate}, 1, 1));
        var ups = program.input("up", Tensor.floats(new float[] {up}, 1, 1));
        float actual = program.result(TensorOp.Map.gated(Pointwise.Function.SILU, gates, ups))
                .floats()[0];
        assertEquals(expected, actual, 1e-6 * Math.abs(expected) + 1e-12);
    }

    @Test
    void aGateFarBelowZeroIsZero() {
        Program program = new Program();
        var gate = program.input("gate", Tensor.floats(new float[] {-1e5f}, 1, 1));
        var up = program.input("up", Tensor.floats(new float[] {1}, 1, 1));
        assertEquals(
                -0f,
                program.result(TensorOp.Map.gated(Pointwise.Function.SILU, gate, up))
                        .floats()[0]);
    }

    @Test
    void columnsAreCutOutOfEveryRow() {
        Program program = new Program();
        var x = program.input("x", Tensor.floats(new float[] {0, 1, 2, 3, 10, 11, 12, 13}, 2, 4));
        assertArrayEquals(
                new float[] {1, 2, 11, 12},
                program.result(new TensorOp.Columns(x, 1, 2)).floats());
    }

    @Test
    void ofEqualLargestElementsTheFirstIsTaken() {
        Program program = new Program();
        var x = program.input("x", Tensor.floats(new float[] {1, 7, 7, 3, 4, 2, 4, -1, -5, -5, -5, -5}, 3, 4));
        assertArrayEquals(
                new int[] {1, 0, 0}, program.result(new TensorOp.ArgMax(x)).ints());
    }
}
