package dev.quern.codegen;

import dev.quern.ir.Encoding;
import dev.quern.reference.RandomBlocks;
import java.util.List;

/** The encodings that matrices have. */
final class Encodings {
    /** All of them. */
    static final List<Encoding> ALL = RandomBlocks.encodings();

    private Encodings() {}

    /**
     * A number of columns that rows of the encoding may have.
     *
     * @param blocks of 32 columns; rounded up to whole blocks of the encoding
     * @param quarters how many times four columns are missing, where the encoding allows it
     */
    static int columns(Encoding encoding, int blocks, int quarters) {
        return switch (encoding) {
            case Encoding.Scalar scalar -> 32 * blocks - 4 * quarters;
            case Encoding.Block block -> Math.ceilDiv(32 * blocks, block.elements()) * block.elements();
        };
    }
}
