package dev.quern.reference;

import dev.quern.ir.Weight;

/** Where the interpreter finds the elements of weights. */
@FunctionalInterface
public interface WeightSource {

    /**
     * The decoded elements in row-major order, the rows of the weight's sources one after another. The caller does not
     * change the array.
     *
     * @throws IllegalArgumentException if a source is missing or does not have the size that the weight's type calls
     *     for
     */
    float[] decoded(Weight weight);
}
