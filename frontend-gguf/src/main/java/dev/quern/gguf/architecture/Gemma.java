package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.Bias;
import dev.quern.gguf.architecture.Family.OutputMatrix;
import dev.quern.gguf.architecture.Family.Scales;
import dev.quern.ir.Pointwise.Function;
import dev.quern.ir.Rotation.Pairing;

/** {@code gemma}: the first Gemma. */
final class Gemma {
    static final Family FAMILY = Family.named("gemma")
            .pairing(Pairing.HALVES)
            .biases(Bias.HEADS)
            .activation(Function.GELU)
            .output(OutputMatrix.NONE)
            .scales(Scales.ROOT_OF_WIDTH)
            .build();

    private Gemma() {}
}
