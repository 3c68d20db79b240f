package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.Bias;
import dev.quern.ir.Rotation.Pairing;

/** {@code qwen2}: Qwen 2 and 2.5, and what was distilled into them; queries, keys and values have biases. */
final class Qwen2 {
    static final Family FAMILY = Family.named("qwen2")
            .pairing(Pairing.HALVES)
            .biases(Bias.HEADS, Bias.LOGITS)
            .build();

    private Qwen2() {}
}
