package dev.quern.cli.ir;

import dev.quern.ir.Weight;
import dev.quern.reference.WeightSource;

/**
 * Weights out of a seed: matrices whose products keep the size of what goes in, vectors of numbers around 1. The
 * numbers of a weight depend on the seed and its name alone; they are not rounded to its encoding.
 *
 * @param seed of the numbers
 */
public record MadeUpWeights(long seed) implements WeightSource {
    private static final double VECTOR_SPREAD = 0.3;

    @Override
    public float[] decoded(Weight weight) {
        int elements = Math.toIntExact(weight.type().maxElements());
        boolean vector = weight.type().shape().size() == 1;
        return vector
                ? RandomFloats.of(seed, weight.name(), elements, 1, VECTOR_SPREAD)
                : RandomFloats.of(
                        seed,
                        weight.name(),
                        elements,
                        0,
                        Math.sqrt(3.0 / weight.type().columns()));
    }
}
