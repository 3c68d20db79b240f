package dev.quern.reference;

import dev.quern.ir.Slice;
import java.util.Arrays;
import java.util.Optional;

/**
 * Parts of results, put where the whole has them. What belongs to rows behind a slice is NaN, which shows wherever it
 * is read.
 */
final class Slices {
    private Slices() {}

    /** The rows of a part of a table, where a token names one of them. */
    static Tensor embed(Tensor tokens, Tensor table, Slice slice, Optional<Tensor> others) {
        int columns = table.columns();
        Tensor result = undefined(tokens.rows(), columns);
        for (int row = 0; row < tokens.rows(); row++) {
            long token = Integer.toUnsignedLong(tokens.ints()[row]);
            if (token >= slice.whole()) {
                throw new IllegalArgumentException("token " + token + " in place " + row + " is none of the "
                        + slice.whole() + " rows of the embedding table.");
            }
            long own = token - slice.start();
            if (own < 0 && others.isPresent()) {
                System.arraycopy(others.get().floats(), row * columns, result.floats(), row * columns, columns);
            } else if (own < table.rows()) {
                System.arraycopy(table.floats(), (int) own * columns, result.floats(), row * columns, columns);
            }
        }
        return result;
    }

    /** Columns from the slice's start on. */
    static Tensor columns(Tensor part, Slice slice, Optional<Tensor> others) {
        int whole = Math.toIntExact(slice.whole());
        int start = Math.toIntExact(slice.start());
        Tensor result = undefined(part.rows(), whole);
        for (int row = 0; row < part.rows(); row++) {
            if (others.isPresent()) {
                System.arraycopy(others.get().floats(), row * whole, result.floats(), row * whole, start);
            }
            System.arraycopy(part.floats(), row * part.columns(), result.floats(), row * whole + start, part.columns());
        }
        return result;
    }

    private static Tensor undefined(int rows, int columns) {
        float[] elements = new float[Math.multiplyExact(rows, columns)];
        Arrays.fill(elements, Float.NaN);
        return Tensor.floats(elements, rows, columns);
    }
}
