package dev.quern.runtime;

import java.util.Arrays;
import java.util.List;

/**
 * The tokens that the states hold, by position. What lies behind them in the states is of no matter: it is written anew
 * before it is read.
 */
final class HeldTokens {
    private int[] ids = new int[64];
    private int size;

    int size() {
        return size;
    }

    void append(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
        }
        ids[size++] = id;
    }

    void truncate(int length) {
        size = Math.min(size, length);
    }

    /** How many tokens at the beginning are the same. */
    int commonPrefix(List<Integer> other) {
        int end = Math.min(size, other.size());
        for (int i = 0; i < end; i++) {
            if (ids[i] != other.get(i)) {
                return i;
            }
        }
        return end;
    }
}
