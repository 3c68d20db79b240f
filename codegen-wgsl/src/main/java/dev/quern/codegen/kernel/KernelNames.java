package dev.quern.codegen.kernel;

import dev.quern.codegen.repack.TileGeometry;

/** How kernels are named: after all that is fixed at compile time, so that equal names mean equal kernels. */
final class KernelNames {
    private KernelNames() {}

    /** What the name of a matrix kernel begins with: all but the number of tokens, where that makes a difference. */
    static String matrix(String skeleton, TileGeometry geometry, float epsilon, Finish finish) {
        return skeleton + "_" + geometry.encoding().text() + "_" + geometry.rows() + "x" + geometry.columns()
                + (Float.isNaN(epsilon) ? "" : "_normed_" + bits(epsilon))
                + (finish == Finish.STORE ? "" : "_" + finish.file());
    }

    /** A number in a name: exact, and without a point. */
    static String bits(float number) {
        return Integer.toHexString(Float.floatToRawIntBits(number));
    }
}
