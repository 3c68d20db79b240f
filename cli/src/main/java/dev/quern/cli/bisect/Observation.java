package dev.quern.cli.bisect;

import dev.quern.reference.Numerics;
import dev.quern.reference.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What a module computed.
 *
 * @param calls one for each of the workload, in order
 */
public record Observation(List<Called> calls) {
    public Observation {
        calls = List.copyOf(calls);
    }

    /**
     * One call.
     *
     * @param call what was asked
     * @param values what the statements gave, by name, in their order; states as they were then
     * @param results what the function gave back, by name, in its order
     */
    public record Called(
            Workload.Call call, SequencedMap<String, Tensor> values, SequencedMap<String, Tensor> results) {
        public Called {
            values = new LinkedHashMap<>(values);
            results = new LinkedHashMap<>(results);
        }
    }

    /**
     * How far two values of one meaning are apart.
     *
     * @param call where, as its label
     * @param value the name
     * @param nmse infinite where nothing can be compared, since shapes or integers differ
     * @param element the first element that lies apart, or -1
     * @param expected that element where it is right; NaN where there is none
     * @param found that element where it is not
     */
    public record Gap(Workload.Call call, String value, double nmse, int element, double expected, double found) {}

    /** The largest distance of what functions give back, here being right; empty if they give nothing back. */
    public Optional<Gap> worst(Observation other) {
        List<Gap> gaps = new ArrayList<>();
        for (int index = 0; index < calls.size(); index++) {
            Called expected = calls.get(index);
            List<Tensor> found = List.copyOf(other.calls.get(index).results().values());
            int result = 0;
            for (Map.Entry<String, Tensor> entry : expected.results().entrySet()) {
                gaps.add(
                        result < found.size()
                                ? gap(expected.call(), entry.getKey(), entry.getValue(), found.get(result))
                                : new Gap(
                                        expected.call(),
                                        entry.getKey(),
                                        Double.POSITIVE_INFINITY,
                                        -1,
                                        Double.NaN,
                                        Double.NaN));
                result++;
            }
        }
        return gaps.stream().reduce((left, right) -> isWorse(right.nmse(), left.nmse()) ? right : left);
    }

    /**
     * The first value that lies apart by more than the limit, of those that have their name on both sides; here being
     * right.
     */
    public Optional<Gap> first(Observation other, double limit) {
        for (int index = 0; index < calls.size(); index++) {
            Called expected = calls.get(index);
            for (Map.Entry<String, Tensor> entry :
                    other.calls.get(index).values().entrySet()) {
                Tensor same = expected.values().get(entry.getKey());
                if (same != null && same.shape().equals(entry.getValue().shape())) {
                    Gap gap = gap(expected.call(), entry.getKey(), same, entry.getValue());
                    if (!(gap.nmse() <= limit)) {
                        return Optional.of(gap);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** NaN is the worst of all. */
    private static boolean isWorse(double one, double other) {
        return Double.compare(one, other) > 0;
    }

    /** The distance of two values. */
    static Gap gap(Workload.Call call, String name, Tensor expected, Tensor found) {
        if (expected.integral() != found.integral() || !expected.shape().equals(found.shape())) {
            return new Gap(call, name, Double.POSITIVE_INFINITY, -1, Double.NaN, Double.NaN);
        }
        if (expected.integral()) {
            int at = Arrays.mismatch(expected.ints(), found.ints());
            return at < 0
                    ? new Gap(call, name, 0, -1, Double.NaN, Double.NaN)
                    : new Gap(call, name, Double.POSITIVE_INFINITY, at, expected.ints()[at], found.ints()[at]);
        }
        return gap(call, name, expected.floats(), found.floats());
    }

    /** The distance of two arrays of one length. */
    static Gap gap(Workload.Call call, String name, float[] expected, float[] found) {
        if (Arrays.equals(expected, found)) {
            return new Gap(call, name, 0, -1, Double.NaN, Double.NaN);
        }
        double nmse = Numerics.nmse(expected, found);
        int at = apart(expected, found, nmse);
        return new Gap(call, name, nmse, at, expected[at], found[at]);
    }

    /** The first element whose error is no smaller than the mean: rounding, which is everywhere, is passed over. */
    private static int apart(float[] expected, float[] found, double nmse) {
        double power = 0;
        for (float value : expected) {
            power += (double) value * value;
        }
        double mean = nmse * power / expected.length;
        for (int index = 0; index < expected.length; index++) {
            double error = (double) expected[index] - found[index];
            if (!(error * error < mean) && expected[index] != found[index]) {
                return index;
            }
        }
        return Math.max(0, Arrays.mismatch(expected, found));
    }

    /** The value of a call. */
    static Tensor require(Called called, String name) {
        return Objects.requireNonNull(called.values().get(name), () -> "no value is named " + name);
    }
}
