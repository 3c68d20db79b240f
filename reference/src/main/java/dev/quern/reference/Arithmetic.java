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

    static Tensor rmsNorm(Tensor x, Tensor gain, float epsilon) {
        int columns = x.columns();
        float[] result = new float[x.floats().length];
        for (int start = 0; start < result.length; start += columns) {
            double squares = 0;
            for (int column = 0; column < columns; column++) {
                double element = x.floats()[start + column];
                squares += element * element;
            }
            double root = Math.sqrt(squares / columns + epsilon);
            for (int column = 0; column < columns; column++) {
                result[start + column] = (float) (gain.floats()[column] * (x.floats()[start + column] / root));
            }
        }
        return Tensor.floats(result, x.rows(), columns);
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
                double frequency = rotation.scale() * StrictMath.pow(rotation.base(), -2.0 * pair / rotation.rotary());
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
                turn(result, row * x.columns(), x.columns(), rotation.headSize(), first, second, angle);
            }
        }
        return Tensor.floats(result, x.rows(), x.columns());
    }

    /** Turns one pair of elements in every head of a row. */
    private static void turn(
            float[] elements, int start, int columns, int headSize, int first, int second, double angle) {
        double cosine = StrictMath.cos(angle);
        double sine = StrictMath.sin(angle);
        for (int head = start; head < start + columns; head += headSize) {
            double a = elements[head + first];
            double b = elements[head + second];
            elements[head + first] = (float) (a * cosine - b * sine);
            elements[head + second] = (float) (a * sine + b * cosine);
        }
    }

    /** Overwrites rows of the state's own array. */
    static void stateWrite(Tensor state, Encoding encoding, Tensor x, Tensor position) {
        int columns = x.columns();
        int start = rowsFrom(position, x.rows(), state);
        float[] rounded = BlockEncoder.of(encoding).round(x.floats());
        System.arraycopy(rounded, 0, state.floats(), start * columns, rounded.length);
    }

    static Tensor attention(
            Tensor query, Tensor keys, Tensor values, Tensor position, int heads, int keyValueHeads, float scale) {
        int start = rowsFrom(position, query.rows(), keys);
        int headSize = query.columns() / heads;
        int width = keys.columns();
        float[] result = new float[query.floats().length];
        IntStream.range(0, query.rows() * heads).parallel().forEach(task -> {
            int row = task / heads;
            int head = task % heads;
            int queryAt = row * query.columns() + head * headSize;
            int headAt = head / (heads / keyValueHeads) * headSize;
            double[] weights = new double[start + row + 1];
            for (int past = 0; past < weights.length; past++) {
                weights[past] = scale * dot(query.floats(), queryAt, keys.floats(), past * width + headAt, headSize);
            }
            softmax(weights);
            for (int element = 0; element < headSize; element++) {
                double sum = 0;
                for (int past = 0; past < weights.length; past++) {
                    sum += weights[past] * values.floats()[past * width + headAt + element];
                }
                result[queryAt + element] = (float) sum;
            }
        });
        return Tensor.floats(result, query.rows(), query.columns());
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

    private static int rowsFrom(Tensor position, int rows, Tensor state) {
        long start = Integer.toUnsignedLong(position.ints()[0]);
        if (start + rows > state.rows()) {
            throw new IllegalArgumentException("positions " + start + " to " + (start + rows - 1)
                    + " do not lie in a state of " + state.rows() + " positions.");
        }
        return (int) start;
    }
}
