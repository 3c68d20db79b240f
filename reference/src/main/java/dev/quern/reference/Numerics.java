package dev.quern.reference;

/** How far two results are apart. A NaN on either side makes every distance NaN, which no limit accepts. */
public final class Numerics {
    /**
     * The largest difference that counts as none, a thousand times the smallest normal float. WGSL lets a device take
     * subnormal numbers for zero, as operands, as results and in between, and what overflows in between for infinite: a
     * result that nears the end of the range by way of such a number is zero on one device and not on the next, and
     * both are right.
     */
    public static final double FLUSHED = 1000.0 * Float.MIN_NORMAL;

    private Numerics() {}

    /**
     * The normalised mean squared error {@code sum((expected - actual)^2) / sum(expected^2)}; 0 where both are all
     * zero, infinite where only the expected values are. A difference of up to {@link #FLUSHED} is none.
     */
    public static double nmse(float[] expected, float[] actual) {
        sameLength(expected, actual);
        double error = 0;
        double power = 0;
        for (int index = 0; index < expected.length; index++) {
            double difference = (double) expected[index] - actual[index];
            if (!(Math.abs(difference) <= FLUSHED)) {
                error += difference * difference;
            }
            power += (double) expected[index] * expected[index];
        }
        return error == 0 ? 0 : error / power;
    }

    /** The largest {@code |expected - actual|}. */
    public static double maximumAbsoluteError(float[] expected, float[] actual) {
        sameLength(expected, actual);
        double largest = 0;
        for (int index = 0; index < expected.length; index++) {
            largest = Math.max(largest, Math.abs((double) expected[index] - actual[index]));
        }
        return largest;
    }

    /** The index of the first value that is NaN or infinite, or -1. */
    public static int firstNotFinite(float[] values) {
        for (int index = 0; index < values.length; index++) {
            if (!Float.isFinite(values[index])) {
                return index;
            }
        }
        return -1;
    }

    /** The smallest index of the largest value; NaNs are passed over. */
    public static int argMax(float[] values) {
        int best = 0;
        for (int index = 1; index < values.length; index++) {
            if (values[index] > values[best] || (Float.isNaN(values[best]) && !Float.isNaN(values[index]))) {
                best = index;
            }
        }
        return best;
    }

    /** How far the largest value lies above the second, 0 where two share the first place. */
    public static double topTwoGap(float[] values) {
        if (values.length < 2) {
            throw new IllegalArgumentException("a gap needs two values or more, not " + values.length + ".");
        }
        int best = argMax(values);
        float second = Float.NEGATIVE_INFINITY;
        for (int index = 0; index < values.length; index++) {
            if (index != best && values[index] > second) {
                second = values[index];
            }
        }
        return (double) values[best] - second;
    }

    /** The Kullback-Leibler divergence, in nats, of the distribution softmax(actual) from softmax(expected). */
    public static double klDivergence(float[] expected, float[] actual) {
        sameLength(expected, actual);
        double expectedNorm = logSumExp(expected);
        double actualNorm = logSumExp(actual);
        double divergence = 0;
        for (int index = 0; index < expected.length; index++) {
            double logProbability = expected[index] - expectedNorm;
            divergence += Math.exp(logProbability) * (logProbability - (actual[index] - actualNorm));
        }
        return divergence;
    }

    private static double logSumExp(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest + Math.log(sum);
    }

    private static void sameLength(float[] expected, float[] actual) {
        if (expected.length != actual.length) {
            throw new IllegalArgumentException(
                    expected.length + " values were expected, and there are " + actual.length + ".");
        }
    }
}
