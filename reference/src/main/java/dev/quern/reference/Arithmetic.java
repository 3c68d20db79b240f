package dev.quern.reference;

import dev.quern.ir.Encoding;
import dev.quern.ir.Rotation;
import dev.quern.ir.TensorOp;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The mathematics of the primitive operations on actual tensors: sums in double precision, one rounding to float an
 * element. What each computes is said at its record in {@code dev.quern.ir.TensorOp}. Functions come from
 * {@code StrictMath}, whose last bit does not depend on the processor: a bundle carries what was computed here as its
 * self-test.
 */
final class Arithmetic {
    private Arithmetic() {}

    static Tensor embed(Tensor tokens, Tensor table) {
        int columns = table.columns();
        float[] result = new float[Math.multiplyExact(tokens.rows(), columns)];
        for (int row = 0; row < tokens.rows(); row++) {
            long token = Integer.toUnsignedLong(tokens.ints()[row]);
            if (token >= table.rows()) {
                throw new IllegalArgumentException("token " + token + " in place " + row + " is none of the "
                        + table.rows() + " rows of the embedding table.");
            }
            System.arraycopy(table.floats(), (int) token * columns, result, row * columns, columns);
        }
        return Tensor.floats(result, tokens.rows(), columns);
    }

    /** Groups of as many columns as the gain has elements. */
    static Tensor rmsNorm(Tensor x, Tensor gain, float epsilon) {
        int size = gain.floats().length;
        float[] result = new float[x.floats().length];
        for (int start = 0; start < result.length; start += size) {
            double squares = 0;
            for (int index = 0; index < size; index++) {
                double element = x.floats()[start + index];
                squares += element * element;
            }
            double root = Math.sqrt(squares / size + epsilon);
            for (int index = 0; index < size; index++) {
                result[start + index] = (float) (gain.floats()[index] * (x.floats()[start + index] / root));
            }
        }
        return Tensor.floats(result, x.rows(), x.columns());
    }

    /**
     * Outputs are shared out to threads; each is one sum by one thread, so that the result does not depend on their
     * number.
     */
    static Tensor matMul(Tensor x, Tensor weight) {
        int inputs = x.columns();
        int outputs = weight.rows();
        float[] result = new float[Math.multiplyExact(x.rows(), outputs)];
        IntStream.range(0, outputs).parallel().forEach(output -> {
            for (int row = 0; row < x.rows(); row++) {
                result[row * outputs + output] =
                        (float) dot(x.floats(), row * inputs, weight.floats(), output * inputs, inputs);
            }
        });
        return Tensor.floats(result, x.rows(), outputs);
    }

    static Tensor columns(Tensor x, int start, int extent) {
        float[] result = new float[Math.multiplyExact(x.rows(), extent)];
        for (int row = 0; row < x.rows(); row++) {
            System.arraycopy(x.floats(), row * x.columns() + start, result, row * extent, extent);
        }
        return Tensor.floats(result, x.rows(), extent);
    }

    static Tensor rope(Tensor x, Tensor position, Optional<Tensor> factors, Rotation rotation) {
        float[] result = x.floats().clone();
        int pairs = rotation.rotary() / 2;
        for (int row = 0; row < x.rows(); row++) {
            for (int pair = 0; pair < pairs; pair++) {
                double frequency = frequency(rotation, pair);
                if (factors.isPresent()) {
                    frequency /= factors.get().floats()[pair];
                }
                double angle = ((double) Integer.toUnsignedLong(position.ints()[0]) + row) * frequency;
                int first = switch (rotation.pairing()) {
                    case ADJACENT -> 2 * pair;
                    case HALVES -> pair;
                };
                int second = switch (rotation.pairing()) {
                    case ADJACENT -> 2 * pair + 1;
                    case HALVES -> pair + pairs;
                };
                turn(result, row * x.columns(), x.columns(), rotation, first, second, angle);
            }
        }
        return Tensor.floats(result, x.rows(), x.columns());
    }

    /** The angle from one position to the next, before factors. */
    private static double frequency(Rotation rotation, int pair) {
        double unscaled = StrictMath.pow(rotation.base(), -2.0 * pair / rotation.rotary());
        double scaled = rotation.scale() * unscaled;
        if (rotation.yarn().isEmpty()) {
            return scaled;
        }
        Rotation.Yarn yarn = rotation.yarn().get();
        double first = Math.max(0, Math.floor(pairThatTurns(yarn.betaFast(), yarn, rotation)));
        double last = Math.min(rotation.rotary() - 1, Math.ceil(pairThatTurns(yarn.betaSlow(), yarn, rotation)));
        double mixed = Math.clamp((pair - first) / Math.max(0.001, last - first), 0.0, 1.0);
        return scaled * mixed + unscaled * (1 - mixed);
    }

    /** The pair, a fraction, that turns so many times in the original context. */
    private static double pairThatTurns(double times, Rotation.Yarn yarn, Rotation rotation) {
        double wavelength = yarn.originalContext() / times;
        return rotation.rotary() * StrictMath.log(wavelength / (2 * Math.PI)) / (2 * StrictMath.log(rotation.base()));
    }

    /** Turns one pair of elements in every head of a row. */
    private static void turn(
            float[] elements, int start, int columns, Rotation rotation, int first, int second, double angle) {
        double cosine = rotation.magnitude() * StrictMath.cos(angle);
        double sine = rotation.magnitude() * StrictMath.sin(angle);
        for (int head = start; head < start + columns; head += rotation.headSize()) {
            double a = elements[head + first];
            double b = elements[head + second];
            elements[head + first] = (float) (a * cosine - b * sine);
            elements[head + second] = (float) (a * sine + b * cosine);
        }
    }

    /** Overwrites rows of the state's own array. */
    static void stateWrite(Tensor state, Encoding encoding, Tensor x, Tensor position) {
        int columns = x.columns();
        long start = Integer.toUnsignedLong(position.ints()[0]);
        float[] rounded = BlockEncoder.of(encoding).round(x.floats());
        for (int row = 0; row < x.rows(); row++) {
            int target = (int) ((start + row) % state.rows());
            System.arraycopy(rounded, row * columns, state.floats(), target * columns, columns);
        }
    }

    static Tensor attention(Tensor query, Tensor keys, Tensor values, Tensor position, TensorOp.Attention op) {
        int start = firstPosition(position, query.rows(), op.window(), keys);
        int held = keys.rows();
        int headSize = query.columns() / op.heads();
        int width = keys.columns();
        float[] result = new float[query.floats().length];
        IntStream.range(0, query.rows() * op.heads()).parallel().forEach(task -> {
            int row = task / op.heads();
            int head = task % op.heads();
            int queryAt = row * query.columns() + head * headSize;
            int headAt = head / (op.heads() / op.keyValueHeads()) * headSize;
            int count = start + row + 1;
            int first = op.window().map(window -> Math.max(0, count - window)).orElse(0);
            double[] weights = new double[count - first];
            double scale = scale(op, count - 1);
            for (int past = first; past < count; past++) {
                double score =
                        scale * dot(query.floats(), queryAt, keys.floats(), past % held * width + headAt, headSize);
                weights[past - first] = op.cap().isPresent()
                        ? op.cap().get() * StrictMath.tanh(score / op.cap().get())
                        : score;
            }
            softmax(weights);
            for (int element = 0; element < headSize; element++) {
                double sum = 0;
                for (int past = first; past < count; past++) {
                    sum += weights[past - first] * values.floats()[past % held * width + headAt + element];
                }
                result[queryAt + element] = (float) sum;
            }
        });
        return Tensor.floats(result, query.rows(), query.columns());
    }

    /** By what products of the query at a position are multiplied. */
    private static double scale(TensorOp.Attention op, int position) {
        return op.sharpening()
                .map(growth -> op.scale() * (1 + growth.strength() * StrictMath.log(1 + position / growth.interval())))
                .orElse((double) op.scale());
    }

    /**
     * Replaces logits by {@code exp(logit) / sum(exp(logits))}; they are shifted by the largest, which changes no
     * quotient.
     */
    static void softmax(double[] logits) {
        double largest = Arrays.stream(logits).max().orElseThrow();
        double sum = 0;
        for (int index = 0; index < logits.length; index++) {
            logits[index] = StrictMath.exp(logits[index] - largest);
            sum += logits[index];
        }
        for (int index = 0; index < logits.length; index++) {
            logits[index] /= sum;
        }
    }

    static Tensor argMax(Tensor x) {
        int[] result = new int[x.rows()];
        for (int row = 0; row < result.length; row++) {
            float[] elements = x.row(row);
            result[row] = Numerics.firstNotFinite(elements) < 0 ? Numerics.argMax(elements) : TensorOp.ArgMax.NONE;
        }
        return Tensor.ints(result, result.length);
    }

    /** Four partial sums, so that one addition need not wait for another. */
    static double dot(float[] left, int leftAt, float[] right, int rightAt, int count) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int index = 0;
        for (; index + 4 <= count; index += 4) {
            sum0 += (double) left[leftAt + index] * right[rightAt + index];
            sum1 += (double) left[leftAt + index + 1] * right[rightAt + index + 1];
            sum2 += (double) left[leftAt + index + 2] * right[rightAt + index + 2];
            sum3 += (double) left[leftAt + index + 3] * right[rightAt + index + 3];
        }
        for (; index < count; index++) {
            sum0 += (double) left[leftAt + index] * right[rightAt + index];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    /** Where rows begin of which each sees what the state holds: all positions, or the window before it. */
    private static int firstPosition(Tensor position, int rows, Optional<Integer> window, Tensor state) {
        long start = Integer.toUnsignedLong(position.ints()[0]);
        boolean ring = window.isPresent() && (long) window.get() + rows - 1 <= state.rows();
        if (start + rows > state.rows() && !ring) {
            throw new IllegalArgumentException("positions " + start + " to " + (start + rows - 1)
                    + " do not lie in a state of " + state.rows() + " positions.");
        }
        return Math.toIntExact(start);
    }
}
