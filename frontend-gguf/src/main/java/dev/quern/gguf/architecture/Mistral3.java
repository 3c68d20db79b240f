package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.Bias;
import dev.quern.gguf.architecture.Family.Factors;

/** {@code mistral3}: Ministral 3, which is {@code llama} with another rule for long contexts. */
final class Mistral3 {
    static final Family FAMILY = Family.named("mistral3")
            .factors(Factors.BY_TYPE)
            .sharpensWithPosition()
            .biases(Bias.HEADS, Bias.ATTENTION_OUTPUT, Bias.FEED_FORWARD)
            .build();

    private Mistral3() {}
}
