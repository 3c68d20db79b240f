package dev.quern.runtime;

import java.util.Arrays;
import java.util.List;

/**
 * The tokens that the states hold, by position. What lies behind them in the states is of no matter, since it is
 * written anew before it is read; but in {@link Rings} it may lie where earlier positions lay.
 */
final class HeldTokens {
    private final Rings rings;
    private int[] ids = new int[64];
    private int size;

    /** Positions that were written since position 0 was, whether they are held or not. */
    private int written;

    HeldTokens(Rings rings) {
        this.rings = rings;
    }

    int size() {
        return size;
    }

    void append(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
        }
        ids[size++] = id;
        wrote(size);
    }

    /** Steps were begun that write all positions before this one; their tokens may not be known yet. */
    void wrote(int end) {
        written = Math.max(written, end);
    }

    /** Forgets tokens, so that no more than so many are held. */
    void truncate(int length) {
        size = Math.min(size, length);
    }

    /**
     * Keeps what can be kept for a text that is to be read: the tokens at its beginning that are held, all but its
     * last, whose logits are wanted. Nothing, where the states do not hold what the next token would see.
     *
     * @return how many are kept
     */
    int keep(List<Integer> text) {
        int same = Math.min(commonPrefix(text), text.size() - 1);
        if (same > 0 && rings.hold(same, written)) {
            truncate(same);
        } else {
            clear();
        }
        return size;
    }

    /** Forgets all: what will be seen is written anew. */
    void clear() {
        size = 0;
        written = 0;
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
