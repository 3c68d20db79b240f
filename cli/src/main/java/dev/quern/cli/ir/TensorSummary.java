package dev.quern.cli.ir;

import dev.quern.ir.Value;
import dev.quern.ir.text.Writer;
import dev.quern.reference.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is to be said of a tensor that has too many elements to be printed.
 *
 * @param value whose it is
 * @param shape the extents
 * @param least the smallest element
 * @param greatest the largest element
 * @param mean of the elements
 * @param rms the root of the mean of their squares
 * @param first the first elements
 */
public record TensorSummary(
        Value value, List<Integer> shape, double least, double greatest, double mean, double rms, List<Double> first) {
    private static final int MOST_FIRST = 4;

    /** Looks through a tensor. An element that is no number makes mean and root no number. */
    public static TensorSummary of(Value value, Tensor tensor) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        List<Double> numbers = numbers(tensor);
        for (double number : numbers) {
            least = Math.min(least, number);
            greatest = Math.max(greatest, number);
            sum += number;
            squares += number * number;
        }
        int count = numbers.size();
        return new TensorSummary(
                value,
                tensor.shape(),
                least,
                greatest,
                sum / count,
                Math.sqrt(squares / count),
                List.copyOf(numbers.subList(0, Math.min(MOST_FIRST, count))));
    }

    /** All elements in row-major order, each the shortest decimal that is the very float. */
    public static List<Double> numbers(Tensor tensor) {
        List<Double> numbers = new ArrayList<>();
        if (tensor.integral()) {
            for (int number : tensor.ints()) {
                numbers.add((double) number);
            }
        } else {
            for (float number : tensor.floats()) {
                numbers.add(Double.valueOf(Float.toString(number)));
            }
        }
        return numbers;
    }

    /** The cells {@code VALUE TYPE SHAPE MIN MAX MEAN RMS FIRST}. */
    public List<String> cells() {
        return List.of(
                value.toString(),
                Writer.type(value.type()),
                shape.toString(),
                decimal(least),
                decimal(greatest),
                decimal(mean),
                decimal(rms),
                String.join(" ", first.stream().map(TensorSummary::decimal).toList()));
    }

    /** The same as fields. */
    public Map<String, Object> json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("value", value.name());
        fields.put("type", Writer.type(value.type()));
        fields.put("shape", shape);
        fields.put("min", jsonNumber(least));
        fields.put("max", jsonNumber(greatest));
        fields.put("mean", jsonNumber(mean));
        fields.put("rms", jsonNumber(rms));
        return fields;
    }

    /** A number as JSON has it; those that it has not as text. */
    public static Object jsonNumber(double number) {
        return Double.isFinite(number) ? (Object) number : Double.toString(number);
    }

    private static String decimal(double number) {
        return Double.isFinite(number) && number == Math.rint(number) && Math.abs(number) < 1e9
                ? Long.toString((long) number)
                : String.format(Locale.ROOT, "%.6g", number);
    }
}
