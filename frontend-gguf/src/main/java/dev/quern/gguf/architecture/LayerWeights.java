package dev.quern.gguf.architecture;

import dev.quern.ir.Value;
import java.util.Optional;

/**
 * The weights of one layer of a dense transformer; {@code E} is the embedding length, {@code Q} and {@code K} the
 * elements of all query heads and of all key heads, {@code F} the feed-forward length. What is optional depends on the
 * family.
 *
 * @param attentionNorm gains {@code [E]} before attention
 * @param heads what queries, keys and values are multiplied by
 * @param queryNorm gains of the normalisation of queries
 * @param keyNorm gains of the normalisation of keys
 * @param output {@code [E, Q]}
 * @param attentionPostNorm gains {@code [E]} of what attention leaves
 * @param feedForwardNorm gains {@code [E]} before the feed-forward block
 * @param gates {@code [F, E]} both
 * @param down {@code [E, F]}
 * @param feedForwardPostNorm gains {@code [E]} of what the feed-forward block leaves
 */
record LayerWeights(
        Optional<Value> attentionNorm,
        Heads heads,
        Optional<Value> queryNorm,
        Optional<Value> keyNorm,
        Product output,
        Optional<Value> attentionPostNorm,
        Optional<Value> feedForwardNorm,
        Gates gates,
        Product down,
        Optional<Value> feedForwardPostNorm) {

    /** A matrix and the vector that is added to the products with it. */
    record Product(Value weight, Optional<Value> bias) {}

    /** The matrices of queries, keys and values. */
    sealed interface Heads {
        /** A matrix for each: {@code [Q, E]}, {@code [K, E]} and {@code [K, E]}. */
        record Apart(Product query, Product key, Product value) implements Heads {}

        /** One matrix whose rows are theirs in this order: {@code [Q + 2 K, E]}. */
        record Joined(Product all) implements Heads {}
    }

    /** The first matrices of the feed-forward block. */
    sealed interface Gates {
        /** A matrix for each. */
        record Apart(Product gate, Product up) implements Gates {}

        /** One matrix whose rows are theirs, the gate's first. */
        record Joined(Product both) implements Gates {}
    }
}
