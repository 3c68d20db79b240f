package dev.quern.text;

import java.util.Arrays;

/** The merges of a byte pair tokenizer: two symbols to rank and merged symbol. An open-addressing hash table of longs. */
final class MergeTable {
    private static final long EMPTY = -1;

    private final long[] keys;
    private final long[] worths;
    private final int mask;

    /** A table with room for this many merges. */
    MergeTable(int merges) {
        int capacity = Integer.highestOneBit(Math.max(4, merges)) * 4;
        keys = new long[capacity];
        worths = new long[capacity];
        mask = capacity - 1;
        Arrays.fill(keys, EMPTY);
    }

    /** Adds a merge; of two for one pair the first holds. */
    void add(int left, int right, int rank, int merged) {
        long key = key(left, right);
        int slot = slot(key);
        while (keys[slot] != EMPTY) {
            if (keys[slot] == key) {
                return;
            }
            slot = (slot + 1) & mask;
        }
        keys[slot] = key;
        worths[slot] = MergeQueue.pair(rank, merged);
    }

    /** The worth of a pair as {@link MergeQueue} wants it. */
    long worth(int left, int right) {
        long key = key(left, right);
        for (int slot = slot(key); keys[slot] != EMPTY; slot = (slot + 1) & mask) {
            if (keys[slot] == key) {
                return worths[slot];
            }
        }
        return MergeQueue.NO_PAIR;
    }

    private static long key(int left, int right) {
        return ((long) left << 32) | right;
    }

    private int slot(long key) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & mask;
    }
}
