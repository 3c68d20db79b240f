package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.Bias;

/** {@code smollm3}: SmolLM3, of whose layers every fourth knows nothing of positions. */
final class SmolLm3 {
    static final Family FAMILY =
            Family.named("smollm3").unrotatedEvery(4).biases(Bias.HEADS).build();

    private SmolLm3() {}
}
