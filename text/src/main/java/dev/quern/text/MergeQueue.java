package dev.quern.text;

import java.util.Arrays;

/**
 * A chain of symbols of which neighbours are merged, the best pair first and of equal pairs the leftmost, until no pair
 * can be.
 *
 * <p>What a pair is worth is the business of a {@link PairRule}. Each symbol carries the offset in the text at which it
 * begins, and ends where the next begins. Short chains are searched for the best pair; long ones use a heap, in which
 * an entry that no longer tells the truth is skipped when it comes up.
 */
final class MergeQueue {
    /** The worth of a pair that cannot be merged. */
    static final long NO_PAIR = Long.MAX_VALUE;

    /** Up to this length a search is faster than a heap. */
    private static final int SHORT_CHAIN = 24;

    /** Says what two neighbours are worth. */
    interface PairRule {
        /**
         * The priority of merging the symbols at the places {@code left} and {@code right} of the chain (smaller is
         * earlier) in the upper half, the merged symbol in the lower half, see {@link #pair}; or {@link #NO_PAIR}.
         */
        long worth(MergeQueue chain, int left, int right);
    }

    private int[] symbols = new int[64];
    private int[] offsets = new int[64];
    private int[] next = new int[64];
    private int[] previous = new int[64];
    private long[] pairs = new long[64];
    private long[] heap = new long[64];
    private int size;
    private int heapSize;
    private int limit;

    /** The worth of a pair. */
    static long pair(int priority, int merged) {
        return ((long) priority << 32) | (merged & 0xFFFFFFFFL);
    }

    /** Begins a new chain. */
    void clear() {
        size = 0;
    }

    /** Appends a symbol that begins at an offset. */
    void add(int symbol, int offset) {
        if (size == symbols.length) {
            int capacity = size * 2;
            symbols = Arrays.copyOf(symbols, capacity);
            offsets = Arrays.copyOf(offsets, capacity);
            next = Arrays.copyOf(next, capacity);
            previous = Arrays.copyOf(previous, capacity);
            pairs = Arrays.copyOf(pairs, capacity);
        }
        symbols[size] = symbol;
        offsets[size] = offset;
        next[size] = size + 1;
        previous[size] = size - 1;
        size++;
    }

    /** The symbol at a place. */
    int symbol(int place) {
        return symbols[place];
    }

    /** Where the symbol at a place begins. */
    int start(int place) {
        return offsets[place];
    }

    /** Where the symbol at a place ends. */
    int end(int place) {
        return next[place] < 0 ? limit : offsets[next[place]];
    }

    /** The place after a place, or -1; the first place is 0. */
    int next(int place) {
        return next[place];
    }

    /** Merges all that can be merged. The last symbol ends at {@code limit}. */
    void mergeAll(PairRule rule, int limit) {
        this.limit = limit;
        next[size - 1] = -1;
        for (int place = 0; place < size - 1; place++) {
            pairs[place] = rule.worth(this, place, place + 1);
        }
        pairs[size - 1] = NO_PAIR;
        if (size <= SHORT_CHAIN) {
            mergeBySearch(rule);
        } else {
            mergeByHeap(rule);
        }
    }

    private void mergeBySearch(PairRule rule) {
        while (true) {
            int best = 0;
            int bestPriority = (int) (pairs[0] >> 32);
            for (int place = next[0]; place >= 0; place = next[place]) {
                int priority = (int) (pairs[place] >> 32);
                if (priority < bestPriority) {
                    best = place;
                    bestPriority = priority;
                }
            }
            if (pairs[best] == NO_PAIR) {
                return;
            }
            merge(rule, best);
        }
    }

    private void mergeByHeap(PairRule rule) {
        heapSize = 0;
        for (int place = 0; place < size - 1; place++) {
            push(place);
        }
        while (heapSize > 0) {
            long entry = pop();
            int place = (int) entry;
            // A pair of another worth has its own entry; one of the same priority is as good as the one that was meant.
            if (pairs[place] != NO_PAIR && pairs[place] >> 32 == entry >> 32) {
                merge(rule, place);
                push(place);
                if (previous[place] >= 0) {
                    push(previous[place]);
                }
            }
        }
    }

    private void merge(PairRule rule, int place) {
        int gone = next[place];
        symbols[place] = (int) pairs[place];
        next[place] = next[gone];
        pairs[gone] = NO_PAIR;
        if (next[place] >= 0) {
            previous[next[place]] = place;
            pairs[place] = rule.worth(this, place, next[place]);
        } else {
            pairs[place] = NO_PAIR;
        }
        int before = previous[place];
        if (before >= 0) {
            pairs[before] = rule.worth(this, before, place);
        }
    }

    private void push(int place) {
        if (pairs[place] == NO_PAIR) {
            return;
        }
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, heapSize * 2);
        }
        long entry = pair((int) (pairs[place] >> 32), place);
        int hole = heapSize++;
        while (hole > 0) {
            int parent = (hole - 1) >> 1;
            if (heap[parent] <= entry) {
                break;
            }
            heap[hole] = heap[parent];
            hole = parent;
        }
        heap[hole] = entry;
    }

    private long pop() {
        long top = heap[0];
        long last = heap[--heapSize];
        int hole = 0;
        while (true) {
            int child = 2 * hole + 1;
            if (child >= heapSize) {
                break;
            }
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (last <= heap[child]) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = last;
        return top;
    }
}
