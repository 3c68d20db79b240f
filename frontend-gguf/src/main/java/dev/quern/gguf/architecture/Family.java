package dev.quern.gguf.architecture;

import dev.quern.ir.Rotation.Pairing;

/**
 * What all models of one architecture have in common and no key of their files says: data, from which one reader makes
 * the description of a model ({@link Decoder}) and one builder its graph. A family that differs from another in
 * something new gets a component here, and what the others do there is the default of {@link #named}.
 *
 * @param name the value of {@code general.architecture}
 * @param pairing which elements of a head turn together: the order in which converters leave the rows of queries and
 *     keys
 */
record Family(String name, Pairing pairing) {

    /** A family that does what most do; adjacent elements turn together. */
    static Family named(String name) {
        return new Family(name, Pairing.ADJACENT);
    }
}
