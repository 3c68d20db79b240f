package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.Bias;
import dev.quern.gguf.architecture.Family.Factors;

/**
 * {@code llama}: Llama 2 and 3, Mistral, SmolLM2, TinyLlama and what was trained in their form. The long context of
 * Llama 3.1 is a tensor of factors by which frequencies are divided, {@code rope_freqs.weight}.
 */
final class Llama {
    static final Family FAMILY = Family.named("llama")
            .factors(Factors.BY_TYPE)
            .biases(Bias.HEADS, Bias.ATTENTION_OUTPUT, Bias.FEED_FORWARD)
            .build();

    private Llama() {}
}
