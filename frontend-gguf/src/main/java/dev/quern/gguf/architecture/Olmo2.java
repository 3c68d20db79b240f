package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.Bias;
import dev.quern.gguf.architecture.Family.HeadNorms;
import dev.quern.gguf.architecture.Family.NormPlacement;
import dev.quern.gguf.architecture.Family.OutputMatrix;
import dev.quern.gguf.architecture.Family.WindowedTurning;
import dev.quern.ir.Rotation.Pairing;

/**
 * {@code olmo2}: OLMo 2 and 3, which normalise what blocks leave instead of what they read; of the layers of OLMo 3
 * three of four have a window.
 */
final class Olmo2 {
    static final Family FAMILY = Family.named("olmo2")
            .pairing(Pairing.HALVES)
            .windows(0, 4, WindowedTurning.UNSCALED)
            .norms(NormPlacement.AFTER)
            .headNorms(HeadNorms.WHOLE_ROW)
            .biases(Bias.HEADS)
            .output(OutputMatrix.REQUIRED)
            .build();

    private Olmo2() {}
}
