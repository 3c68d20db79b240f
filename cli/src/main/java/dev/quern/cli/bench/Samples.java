package dev.quern.cli.bench;

import java.util.List;
import java.util.stream.LongStream;

/**
 * Times of one thing that was done several times.
 *
 * @param nanoseconds of each time, in order of their length
 */
public record Samples(List<Long> nanoseconds) {
    public Samples {
        if (nanoseconds.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        nanoseconds = nanoseconds.stream().sorted().toList();
    }

    static Samples of(LongStream nanoseconds) {
        return new Samples(nanoseconds.boxed().toList());
    }

    /** Seconds of the middle one; of an even number, the mean of the two in the middle. */
    public double median() {
        int half = nanoseconds.size() / 2;
        long upper = nanoseconds.get(half);
        long lower = nanoseconds.size() % 2 == 0 ? nanoseconds.get(half - 1) : upper;
        return (lower + upper) / 2e9;
    }

    /** How far the longest lies above the shortest, as a share of the median. */
    public double spread() {
        return (nanoseconds.getLast() - nanoseconds.getFirst()) / 1e9 / median();
    }
}
