package dev.quern.gguf.architecture;

import dev.quern.ir.Rotation.Pairing;

/** {@code phi3}: Phi-3, Phi-3.5 and Phi-4, whose matrices for queries, keys and values are one, as are gate and up. */
final class Phi3 {
    static final Family FAMILY =
            Family.named("phi3").pairing(Pairing.HALVES).joins().build();

    private Phi3() {}
}
