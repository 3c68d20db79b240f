package dev.quern.gguf.architecture;

import dev.quern.ir.Value;

/**
 * The weights of one layer of a dense transformer; {@code E} is the embedding length, {@code Q} and {@code K} the
 * elements of all query heads and of all key heads, {@code F} the feed-forward length.
 *
 * @param attentionNorm gains {@code [E]} before attention
 * @param query {@code [Q, E]}
 * @param key {@code [K, E]}
 * @param value {@code [K, E]}
 * @param output {@code [E, Q]}
 * @param feedForwardNorm gains {@code [E]} before the feed-forward block
 * @param gate {@code [F, E]}
 * @param up {@code [F, E]}
 * @param down {@code [E, F]}
 */
record LayerWeights(
        Value attentionNorm,
        Value query,
        Value key,
        Value value,
        Value output,
        Value feedForwardNorm,
        Value gate,
        Value up,
        Value down) {}
