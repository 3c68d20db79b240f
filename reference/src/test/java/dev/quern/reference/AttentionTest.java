package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Encoding;
import dev.quern.ir.TensorOp;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Four query heads of three elements over two key and value heads, where nothing else is said. */
class AttentionTest {
    private static final int HEADS = 4;
    private static final int KEY_VALUE_HEADS = 2;
    private static final int HEAD_SIZE = 3;
    private static final int CONTEXT = 9;

    @Property
    void overOnePositionItIsTheValueOfTheHeadsGroup(@ForAll long seed) {
        Random random = new Random(seed);
        Tensor values = Program.random(random, CONTEXT, KEY_VALUE_HEADS * HEAD_SIZE);
        Tensor result = attention(Program.random(random, 1, HEADS * HEAD_SIZE), random(random), values.copy(), 0, 0.7f);
        for (int head = 0; head < HEADS; head++) {
            // Heads 0 and 1 share the first value head, heads 2 and 3 the second.
            int from = head / 2 * HEAD_SIZE;
            assertArrayEquals(
                    Arrays.copyOfRange(values.floats(), from, from + HEAD_SIZE),
                    Arrays.copyOfRange(result.floats(), head * HEAD_SIZE, (head + 1) * HEAD_SIZE));
        }
    }

    @Property
    void equalKeysGiveTheMeanOfTheValues(@ForAll long seed, @ForAll @IntRange(min = 0, max = 8) int position) {
        Random random = new Random(seed);
        Tensor values = random(random);
        Tensor keys = random(random);
        for (int row = 1; row < CONTEXT; row++) {
            System.arraycopy(keys.floats(), 0, keys.floats(), row * keys.columns(), keys.columns());
        }
        Tensor result = attention(Program.random(random, 1, HEADS * HEAD_SIZE), keys, values, position, 0.7f);
        for (int index = 0; index < result.floats().length; index++) {
            double sum = 0;
            for (int past = 0; past <= position; past++) {
                sum += values.floats()[past * values.columns() + index / HEAD_SIZE / 2 * HEAD_SIZE + index % HEAD_SIZE];
            }
            assertEquals(sum / (position + 1), result.floats()[index], 1e-6);
        }
    }

    @Property
    void itIsTheQuotientOfTwoSums(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int rows,
            @ForAll @IntRange(min = 0, max = 5) int position) {
        Random random = new Random(seed);
        Tensor query = Program.random(random, rows, HEADS * HEAD_SIZE);
        Tensor keys = random(random);
        Tensor values = random(random);
        Tensor result = attention(query, keys, values, position, 0.5f);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < HEADS * HEAD_SIZE; column++) {
                int head = column / HEAD_SIZE;
                int group = head / 2;
                double above = 0;
                double below = 0;
                for (int past = 0; past <= position + row; past++) {
                    double score = 0;
                    for (int element = 0; element < HEAD_SIZE; element++) {
                        score += (double) query.row(row)[head * HEAD_SIZE + element]
                                * keys.row(past)[group * HEAD_SIZE + element];
                    }
                    above += Math.exp(score / 2) * values.row(past)[group * HEAD_SIZE + column % HEAD_SIZE];
                    below += Math.exp(score / 2);
                }
                assertEquals(above / below, result.row(row)[column], 1e-6, "row " + row + ", column " + column);
            }
        }
    }

    @Property
    void whatStandsAfterARowDoesNotMatterToIt(@ForAll long seed) {
        Random random = new Random(seed);
        Tensor query = Program.random(random, 2, HEADS * HEAD_SIZE);
        Tensor keys = random(random);
        Tensor values = random(random);
        Tensor before = attention(query, keys, values, 3, 0.5f);
        Arrays.fill(keys.floats(), 4 * keys.columns(), keys.floats().length, Float.NaN);
        Arrays.fill(values.floats(), 4 * values.columns(), values.floats().length, Float.NaN);
        Tensor after = attention(query, keys, values, 3, 0.5f);
        assertArrayEquals(before.row(0), after.row(0));
        assertTrue(Float.isNaN(after.row(1)[0]), "row 1 does read position 4");
    }

    @Property
    void weightsOfASoftmaxAreADistribution(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int count) {
        double[] logits = new Random(seed).doubles(count, -300, 300).toArray();
        double[] weights = logits.clone();
        Arithmetic.softmax(weights);
        assertEquals(1, Arrays.stream(weights).sum(), 1e-12);
        for (int index = 1; index < count; index++) {
            // The quotient of two weights is the exponential of the difference of their logits.
            double difference = logits[index] - logits[0];
            assertEquals(difference, Math.log(weights[index]) - Math.log(weights[0]), 1e-9);
        }
    }

    @Test
    void aRowBeyondTheStateIsRefused() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> attention(Tensor.zeros(2, HEADS * HEAD_SIZE), Tensor.zeros(9, 6), Tensor.zeros(9, 6), 8, 0.5f));
        assertEquals("positions 8 to 9 do not lie in a state of 9 positions.", refusal.getMessage());
    }

    private static Tensor random(Random random) {
        return Program.random(random, CONTEXT, KEY_VALUE_HEADS * HEAD_SIZE);
    }

    private static Tensor attention(Tensor query, Tensor keys, Tensor values, int position, float scale) {
        Program program = new Program();
        return program.result(new TensorOp.Attention(
                program.input("query", query),
                program.state("keys", Encoding.Scalar.F32, keys),
                program.state("values", Encoding.Scalar.F32, values),
                program.position(position),
                HEADS,
                KEY_VALUE_HEADS,
                scale));
    }
}
