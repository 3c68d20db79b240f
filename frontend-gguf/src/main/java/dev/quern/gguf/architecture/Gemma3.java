package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.Bias;
import dev.quern.gguf.architecture.Family.HeadNorms;
import dev.quern.gguf.architecture.Family.NormPlacement;
import dev.quern.gguf.architecture.Family.Scales;
import dev.quern.gguf.architecture.Family.WindowedTurning;
import dev.quern.ir.Pointwise.Function;
import dev.quern.ir.Rotation.Pairing;

/** {@code gemma3}: Gemma 3, of whose layers five have a window and a rotation of their own, and the sixth sees all. */
final class Gemma3 {
    static final Family FAMILY = Family.named("gemma3")
            .pairing(Pairing.HALVES)
            .windows(0, 6, WindowedTurning.OWN_BASE)
            .layersScaledByShare(62)
            .norms(NormPlacement.AROUND)
            .headNorms(HeadNorms.EACH_HEAD)
            .biases(Bias.HEADS)
            .activation(Function.GELU)
            .scales(Scales.ROOT_OF_WIDTH)
            .logitCap(0)
            .build();

    private Gemma3() {}
}
