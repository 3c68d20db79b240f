package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.Bias;
import dev.quern.gguf.architecture.Family.NormPlacement;
import dev.quern.gguf.architecture.Family.OutputMatrix;
import dev.quern.gguf.architecture.Family.Scales;
import dev.quern.gguf.architecture.Family.WindowedTurning;
import dev.quern.ir.Pointwise.Function;
import dev.quern.ir.Rotation.Pairing;

/** {@code gemma2}: Gemma 2, which caps scores and logits; every other layer has a window. */
final class Gemma2 {
    static final Family FAMILY = Family.named("gemma2")
            .pairing(Pairing.HALVES)
            .windows(4096, 2, WindowedTurning.SAME)
            .layersScaledByShare(46)
            .norms(NormPlacement.AROUND)
            .biases(Bias.HEADS)
            .activation(Function.GELU)
            .output(OutputMatrix.NONE)
            .scales(Scales.ROOT_OF_WIDTH)
            .attentionCap(50)
            .logitCap(30)
            .build();

    private Gemma2() {}
}
