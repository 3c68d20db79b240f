package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Encoding;
import dev.quern.ir.TensorOp;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
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

    /** A window is what attention sees of a shorter past: keys and values moved to the beginning. */
    @Property
    void aWindowIsTheRestOfThePastAlone(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 8) int position,
            @ForAll @IntRange(min = 1, max = 12) int window) {
        Random random = new Random(seed);
        Tensor query = Program.random(random, 1, HEADS * HEAD_SIZE);
        Tensor keys = random(random);
        Tensor values = random(random);
        int unseen = Math.max(0, position + 1 - window);
        Tensor restOfKeys = moved(keys, unseen);
        Tensor restOfValues = moved(values, unseen);
        Tensor expected = attention(query, restOfKeys, restOfValues, position - unseen, 0.5f);
        assertArrayEquals(
                expected.floats(),
                attention(query, keys, values, position, 0.5f, Optional.of(window), Optional.empty())
                        .floats());
    }

    /** Each row of a chunk has a window of its own. */
    @Property
    void windowsMoveWithTheirRows(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int window) {
        Random random = new Random(seed);
        Tensor query = Program.random(random, 4, HEADS * HEAD_SIZE);
        Tensor keys = random(random);
        Tensor values = random(random);
        Tensor together = attention(query, keys, values, 3, 0.5f, Optional.of(window), Optional.empty());
        for (int row = 0; row < 4; row++) {
            Tensor alone = Tensor.floats(query.row(row), 1, HEADS * HEAD_SIZE);
            assertArrayEquals(
                    attention(alone, keys, values, 3 + row, 0.5f, Optional.of(window), Optional.empty())
                            .floats(),
                    together.row(row));
        }
    }

    /** With one element a head, scores are numbers that can be written down: so can what the cap makes of them. */
    @Property
    void aCapBendsScores(
            @ForAll @FloatRange(min = -40, max = 40) float first,
            @ForAll @FloatRange(min = -40, max = 40) float second,
            @ForAll @FloatRange(min = 0.5f, max = 60) float cap) {
        Program program = new Program();
        Tensor result = program.result(new TensorOp.Attention(
                program.input("query", Tensor.floats(new float[] {2}, 1, 1)),
                program.state("keys", Encoding.Scalar.F32, Tensor.floats(new float[] {first, second}, 2, 1)),
                program.state("values", Encoding.Scalar.F32, Tensor.floats(new float[] {0, 1}, 2, 1)),
                program.position(1),
                1,
                1,
                0.5f,
                Optional.empty(),
                Optional.of(cap)));
        double difference = capped(second, cap) - capped(first, cap);
        assertEquals(1 / (1 + Math.exp(-difference)), result.floats()[0], 1e-6);
        assertTrue(Math.abs(difference) <= 2 * cap);
    }

    /** The hyperbolic tangent by exponentials. */
    private static double capped(double score, double cap) {
        double up = Math.exp(score / cap);
        return cap * (up - 1 / up) / (up + 1 / up);
    }

    private static Tensor moved(Tensor state, int rows) {
        Tensor moved = state.copy();
        System.arraycopy(
                state.floats(),
                rows * state.columns(),
                moved.floats(),
                0,
                state.floats().length - rows * state.columns());
        return moved;
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

    /** As if the query of each position were that many times as long. */
    @Property
    void sharpeningIsALongerQuery(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 8) int position,
            @ForAll @IntRange(min = 1, max = 12) int interval,
            @ForAll @FloatRange(min = -0.2f, max = 2) float strength) {
        Random random = new Random(seed);
        Tensor query = Program.random(random, 1, HEADS * HEAD_SIZE);
        Tensor keys = random(random);
        Tensor values = random(random);
        Tensor longer = query.copy();
        int steps = position / interval;
        for (int element = 0; element < longer.floats().length; element++) {
            longer.floats()[element] *= (float) (1 + strength * Math.log1p(steps));
        }
        Program program = new Program();
        Tensor result = program.result(new TensorOp.Attention(
                program.input("query", query),
                program.state("keys", Encoding.Scalar.F32, keys.copy()),
                program.state("values", Encoding.Scalar.F32, values.copy()),
                program.position(position),
                HEADS,
                KEY_VALUE_HEADS,
                0.7f,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new TensorOp.Attention.Sharpening(interval, strength))));
        assertArrayEquals(attention(longer, keys, values, position, 0.7f).floats(), result.floats(), 1e-5f);
    }

    private static Tensor attention(Tensor query, Tensor keys, Tensor values, int position, float scale) {
        return attention(query, keys, values, position, scale, Optional.empty(), Optional.empty());
    }

    private static Tensor attention(
            Tensor query,
            Tensor keys,
            Tensor values,
            int position,
            float scale,
            Optional<Integer> window,
            Optional<Float> cap) {
        Program program = new Program();
        return program.result(new TensorOp.Attention(
                program.input("query", query),
                program.state("keys", Encoding.Scalar.F32, keys),
                program.state("values", Encoding.Scalar.F32, values),
                program.position(position),
                HEADS,
                KEY_VALUE_HEADS,
                scale,
                window,
                cap));
    }
}
