package dev.quern.reference;

import dev.quern.ir.Pointwise;
import dev.quern.ir.Value;
import java.util.List;
import java.util.function.Function;

/**
 * Computes expressions element by element, in double precision with one rounding at the end. Functions come from
 * {@code StrictMath}, as in {@link Arithmetic}.
 */
final class Elements {
    private final List<Tensor> parts;
    private final Function<Value, Tensor> values;

    /**
     * Expressions over these operands.
     *
     * @param parts what {@code #0}, {@code #1}, … are, each of the size of the result
     * @param values what values are
     */
    Elements(List<Tensor> parts, Function<Value, Tensor> values) {
        this.parts = parts;
        this.values = values;
    }

    /** One number of an expression, for the element of the result that is asked for. */
    private interface Reading {
        double at(int row, int column);
    }

    /** The expression for every element of a matrix. */
    Tensor compute(Pointwise expression, int rows, int columns) {
        Reading reading = reading(expression, columns);
        float[] result = new float[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                result[row * columns + column] = (float) reading.at(row, column);
            }
        }
        return Tensor.floats(result, rows, columns);
    }

    private Reading reading(Pointwise expression, int columns) {
        return switch (expression) {
            case Pointwise.Part part -> elements(parts.get(part.index()), columns);
            case Pointwise.Element element -> elements(values.apply(element.value()), columns);
            case Pointwise.PerColumn vector -> {
                float[] numbers = values.apply(vector.value()).floats();
                yield (row, column) -> numbers[column];
            }
            case Pointwise.Constant constant -> (row, column) -> constant.value();
            case Pointwise.Unary unary -> {
                Reading of = reading(unary.of(), columns);
                yield (row, column) -> apply(unary.function(), of.at(row, column));
            }
            case Pointwise.Binary binary -> {
                Reading left = reading(binary.left(), columns);
                Reading right = reading(binary.right(), columns);
                yield (row, column) -> apply(binary.operator(), left.at(row, column), right.at(row, column));
            }
        };
    }

    private static Reading elements(Tensor tensor, int columns) {
        float[] numbers = tensor.floats();
        return (row, column) -> numbers[row * columns + column];
    }

    private static double apply(Pointwise.Function function, double z) {
        return switch (function) {
            case SILU -> z / (1 + StrictMath.exp(-z));
            case GELU -> z / 2 * (1 + StrictMath.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z)));
            case GELU_ERF -> z / 2 * (1 + erf(z / Math.sqrt(2)));
            case SIGMOID -> 1 / (1 + StrictMath.exp(-z));
            case TANH -> StrictMath.tanh(z);
            case RELU -> Math.max(z, 0);
        };
    }

    /** A series of terms of one sign, so that no digits cancel; beyond 6 it is 1 to the last digit. */
    private static double erf(double x) {
        if (!(Math.abs(x) < 6)) {
            return Double.isNaN(x) ? x : Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int factor = 3; Math.abs(term) > Math.abs(sum) * 1e-18; factor += 2) {
            term *= 2 * x * x / factor;
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-x * x) * sum;
    }

    private static double apply(Pointwise.Operator operator, double left, double right) {
        return switch (operator) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
            case MIN -> Math.min(left, right);
            case MAX -> Math.max(left, right);
        };
    }
}
