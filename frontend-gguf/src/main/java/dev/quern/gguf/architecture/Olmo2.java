package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.HeadNorms;
import dev.quern.gguf.architecture.Family.NormPlacement;
import dev.quern.gguf.architecture.Family.OutputMatrix;
import dev.quern.ir.Rotation.Pairing;

/** {@code olmo2}: OLMo 2, which normalises what blocks leave instead of what they read. */
final class Olmo2 {
    static final Family FAMILY = Family.named("olmo2")
            .pairing(Pairing.HALVES)
            .norms(NormPlacement.AFTER)
            .headNorms(HeadNorms.WHOLE_ROW)
            .output(OutputMatrix.REQUIRED)
            .build();

    private Olmo2() {}
}
