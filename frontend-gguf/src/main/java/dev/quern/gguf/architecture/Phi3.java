package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.Bias;
import dev.quern.gguf.architecture.Family.Factors;
import dev.quern.ir.Rotation.Pairing;

/**
 * {@code phi3}: Phi-3, Phi-3.5 and Phi-4, whose matrices of queries, keys and values are one, as are gate and up. Those
 * with a long context have two sets of factors by which frequencies are divided.
 */
final class Phi3 {
    static final Family FAMILY = Family.named("phi3")
            .pairing(Pairing.HALVES)
            .partialRotation()
            .factors(Factors.BY_CONTEXT)
            .withoutWindows()
            .joins()
            .biases(Bias.HEADS)
            .build();

    private Phi3() {}
}
