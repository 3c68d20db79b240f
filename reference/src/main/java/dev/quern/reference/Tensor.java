package dev.quern.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A value at run time: elements in row-major order and the actual extents, outermost first. Elements are floats, or
 * 32-bit integers (tokens, positions). The array is not copied: whoever gives it away lets it be read, and where it is
 * a state, overwritten.
 */
public final class Tensor {
    private final float[] floats;
    private final int[] ints;
    private final boolean integral;
    private final List<Integer> shape;

    private Tensor(float[] floats, int[] ints, boolean integral, int[] shape) {
        this.floats = floats;
        this.ints = ints;
        this.integral = integral;
        List<Integer> extents = new ArrayList<>();
        long elements = 1;
        for (int extent : shape) {
            extents.add(extent);
            elements *= extent;
        }
        this.shape = List.copyOf(extents);
        int length = integral ? ints.length : floats.length;
        if (elements != length) {
            throw new IllegalArgumentException(
                    "a tensor of shape " + extents + " has " + elements + " elements, and there are " + length + ".");
        }
    }

    /** Floats of these extents. */
    public static Tensor floats(float[] data, int... shape) {
        return new Tensor(data, new int[0], false, shape);
    }

    /** Integers of these extents. */
    public static Tensor ints(int[] data, int... shape) {
        return new Tensor(new float[0], data, true, shape);
    }

    /** The tensor {@code u32[1]} that operations take as a position. */
    public static Tensor position(int position) {
        return ints(new int[] {position}, 1);
    }

    /** Floats that are all zero: a state before its first write. */
    public static Tensor zeros(int rows, int columns) {
        return floats(new float[Math.multiplyExact(rows, columns)], rows, columns);
    }

    /** Whether the elements are integers. */
    public boolean integral() {
        return integral;
    }

    /** The elements, not a copy. */
    public float[] floats() {
        if (integral) {
            throw new IllegalStateException("a tensor of integers, shape " + shape + ", was asked for floats.");
        }
        return floats;
    }

    /** The elements, not a copy. */
    public int[] ints() {
        if (!integral) {
            throw new IllegalStateException("a tensor of floats, shape " + shape + ", was asked for integers.");
        }
        return ints;
    }

    /** The extents, outermost first. */
    public List<Integer> shape() {
        return shape;
    }

    /** The extent of the first axis. */
    public int rows() {
        return shape.getFirst();
    }

    /** The extent of the last axis. */
    public int columns() {
        return shape.getLast();
    }

    /** A copy of one row of a matrix of floats. */
    public float[] row(int row) {
        return Arrays.copyOfRange(floats(), row * columns(), (row + 1) * columns());
    }

    /** The same elements in an array of their own. */
    Tensor copy() {
        return new Tensor(
                floats.clone(),
                ints.clone(),
                integral,
                shape.stream().mapToInt(Integer::intValue).toArray());
    }

    @Override
    public String toString() {
        return (integral ? "u32" : "f32") + shape;
    }
}
