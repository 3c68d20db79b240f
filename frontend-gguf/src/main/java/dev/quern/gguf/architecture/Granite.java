package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.Bias;
import dev.quern.gguf.architecture.Family.Factors;
import dev.quern.gguf.architecture.Family.Scales;

/** {@code granite}: IBM's dense Granite models, in which keys scale embeddings, what blocks add, and logits. */
final class Granite {
    static final Family FAMILY = Family.named("granite")
            .switchedRotation()
            .factors(Factors.BY_TYPE)
            .biases(Bias.HEADS, Bias.ATTENTION_OUTPUT, Bias.FEED_FORWARD)
            .scales(Scales.BY_KEYS)
            .build();

    private Granite() {}
}
