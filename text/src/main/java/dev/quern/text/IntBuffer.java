package dev.quern.text;

import java.util.Arrays;

/** A list of ints that grows. */
final class IntBuffer {
    private int[] values = new int[64];
    private int size;

    void clear() {
        size = 0;
    }

    /** Drops what lies from this place on. */
    void truncate(int newSize) {
        size = newSize;
    }

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    void addAll(int[] source, int from, int count) {
        int needed = size + count;
        if (needed > values.length) {
            values = Arrays.copyOf(values, Math.max(needed, values.length * 2));
        }
        System.arraycopy(source, from, values, size, count);
        size = needed;
    }

    int get(int index) {
        return values[index];
    }

    int size() {
        return size;
    }

    /** The array behind the list: valid up to {@link #size()}, and only until the next addition. */
    int[] backing() {
        return values;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
