package dev.quern.text;

import java.util.Arrays;

/**
 * The merges of a byte pair tokenizer: two symbols to rank and merged symbol. An open-addressing hash table of longs.
 */
final class MergeTable {
    private static final long EMPTY = -1;

    /** Two numbers a slot: the pair, as {@link PairMemo#pair} has it, and its worth. */
    private final long[] slots;

    private final int mask;

    /** A table with room for this many merges. */
    MergeTable(int merges) {
        int capacity = Integer.highestOneBit(Math.max(4, merges)) * 4;
        slots = new long[2 * capacity];
        mask = capacity - 1;
        Arrays.fill(slots, EMPTY);
    }

    /** Adds a merge; of two for one pair the first holds. */
    void add(int left, int right, int rank, int merged) {
        long pair = PairMemo.pair(left, right);
        int slot = slot(pair);
        while (slots[2 * slot] != EMPTY) {
            if (slots[2 * slot] == pair) {
                return;
            }
            slot = (slot + 1) & mask;
        }
        slots[2 * slot] = pair;
        slots[2 * slot + 1] = MergeQueue.pair(rank, merged);
    }

    /** The worth of a pair as {@link MergeQueue} wants it. */
    long worth(long pair) {
        for (int slot = slot(pair); slots[2 * slot] != EMPTY; slot = (slot + 1) & mask) {
            if (slots[2 * slot] == pair) {
                return slots[2 * slot + 1];
            }
        }
        return MergeQueue.NO_PAIR;
    }

    private int slot(long pair) {
        long mixed = pair * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & mask;
    }
}
