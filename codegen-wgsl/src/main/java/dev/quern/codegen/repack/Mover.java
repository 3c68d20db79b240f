package dev.quern.codegen.repack;

import java.nio.ByteBuffer;

/** Moves a row of a weight into its texels. */
@FunctionalInterface
public interface Mover {
    /**
     * Moves a row.
     *
     * @param source little-endian, with the row at {@code from}
     * @param bytes of the row
     */
    void move(ByteBuffer source, int from, int bytes, TileRow row);

    /** Moves one block of an encoding. */
    @FunctionalInterface
    interface OfBlock {
        /**
         * Moves a block into its chunk.
         *
         * @param source little-endian, with the block at {@code from}
         * @param chunk the first texel of the chunk
         * @param index which 32 columns of the chunk the block begins with
         */
        void move(ByteBuffer source, int from, TileRow row, int chunk, int index);
    }
}
