package dev.quern.codegen.lowering;

import dev.quern.ir.Rotation;

/** What kernels that rotate heads have in common. */
final class Rotations {
    private Rotations() {}

    /** The rotation, as it stands in the names of kernels. */
    static String spelling(Rotation rotation) {
        return rotation.headSize() + "_" + rotation.rotary() + "_"
                + rotation.pairing().text();
    }

    /** The file that says which elements form a pair. */
    static String pairing(Rotation rotation) {
        return "pairing/" + rotation.pairing().text();
    }
}
