package dev.quern.text;

import java.util.Arrays;

/**
 * Remembers what pairs of symbols are worth: few pairs make up most of any text, and this table is small enough to stay
 * near the processor where the whole of the merges is not. A pair that comes to an occupied place takes it over.
 */
final class PairMemo {
    private static final int ENTRIES = 1 << 14;
    private static final long EMPTY = -1;

    /** Two numbers an entry: the pair and its worth. */
    private final long[] entries = new long[2 * ENTRIES];

    PairMemo() {
        Arrays.fill(entries, EMPTY);
    }

    /** The place of a pair of symbols, neither of which is negative. */
    static int place(long pair) {
        return (int) ((pair * 0x9E3779B97F4A7C15L) >>> 50) << 1;
    }

    /** The number of a pair. */
    static long pair(int left, int right) {
        return ((long) left << 32) | right;
    }

    /** Whether the worth of the pair is at this place. */
    boolean knows(int place, long pair) {
        return entries[place] == pair;
    }

    /** The worth at a place. */
    long worth(int place) {
        return entries[place + 1];
    }

    /** Remembers a worth and returns it. */
    long remember(int place, long pair, long worth) {
        entries[place] = pair;
        entries[place + 1] = worth;
        return worth;
    }
}
