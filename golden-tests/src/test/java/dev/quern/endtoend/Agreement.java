package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.reference.Numerics;
import java.util.List;
import java.util.function.Supplier;

/** Compares rows of logits. */
final class Agreement {
    private Agreement() {}

    /** The largest normalised mean squared error of any row; fails where one is above the limit. */
    static double worst(String what, List<float[]> expected, List<float[]> actual, double limit) {
        assertEquals(expected.size(), actual.size(), () -> what + ": rows");
        double worst = 0;
        for (int row = 0; row < expected.size(); row++) {
            int position = row;
            Supplier<String> where = () -> what + ", position " + position;
            worst = Math.max(worst, check(where, expected.get(row), actual.get(row), limit));
        }
        return worst;
    }

    /** The normalised mean squared error of a row; fails where it is above the limit. */
    static double check(Supplier<String> what, float[] expected, float[] actual, double limit) {
        double error = Numerics.nmse(expected, actual);
        assertTrue(
                error <= limit,
                () -> what.get() + ": the normalised mean squared error is " + error + ", but at most " + limit
                        + " is allowed; the largest difference is " + Numerics.maximumAbsoluteError(expected, actual)
                        + ". Expected begins " + beginning(expected) + ", found " + beginning(actual) + ".");
        return error;
    }

    /** The largest normalised mean squared error of any row. */
    static double largest(List<float[]> expected, List<float[]> actual) {
        double largest = 0;
        for (int row = 0; row < expected.size(); row++) {
            double error = Numerics.nmse(expected.get(row), actual.get(row));
            // A NaN is larger than anything.
            largest = Double.isNaN(error) ? Double.NaN : Math.max(largest, error);
        }
        return largest;
    }

    /** The normalised mean squared error of all rows as one. */
    static double pooled(List<float[]> expected, List<float[]> actual) {
        return Numerics.nmse(joined(expected), joined(actual));
    }

    /** The mean divergence of the distributions of tokens, in nats. */
    static double meanDivergence(List<float[]> expected, List<float[]> actual) {
        double sum = 0;
        for (int row = 0; row < expected.size(); row++) {
            sum += Numerics.klDivergence(expected.get(row), actual.get(row));
        }
        return sum / expected.size();
    }

    /** Fails where a value is above the limit, or is NaN. */
    static double atMost(String what, double value, double limit) {
        assertTrue(value <= limit, () -> what + " is " + value + ", but at most " + limit + " is allowed");
        return value;
    }

    private static float[] joined(List<float[]> rows) {
        float[] joined = new float[rows.stream().mapToInt(row -> row.length).sum()];
        int at = 0;
        for (float[] row : rows) {
            System.arraycopy(row, 0, joined, at, row.length);
            at += row.length;
        }
        return joined;
    }

    private static String beginning(float[] row) {
        return row[0] + " " + row[1] + " " + row[2];
    }
}
