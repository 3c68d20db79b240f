package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.Bias;
import dev.quern.gguf.architecture.Family.HeadNorms;
import dev.quern.ir.Rotation.Pairing;

/** {@code qwen3}: the dense models of Qwen 3, which normalise each head of queries and keys. */
final class Qwen3 {
    static final Family FAMILY = Family.named("qwen3")
            .pairing(Pairing.HALVES)
            .headNorms(HeadNorms.EACH_HEAD)
            .biases(Bias.HEADS)
            .build();

    private Qwen3() {}
}
