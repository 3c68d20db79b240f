package dev.quern.codegen.repack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Moves the rows of a weight from the order of model files into tiles: see {@link TileGeometry}. */
public final class Repack {
    private final TileGeometry geometry;

    public Repack(TileGeometry geometry) {
        this.geometry = geometry;
    }

    /**
     * One tile.
     *
     * @param rows the tile's rows as in the model file, one after another, {@link TileGeometry#rowsOf} of them,
     *     little-endian, on an array
     * @return {@link TileGeometry#tileBytes} bytes, little-endian, ready to be read
     */
    public ByteBuffer tile(ByteBuffer rows, long tile) {
        ByteBuffer source = rows.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer target = ByteBuffer.allocate(geometry.tileBytes()).order(ByteOrder.LITTLE_ENDIAN);
        int first = source.position();
        int rowBytes = Math.toIntExact(geometry.encoding().bytesOf(geometry.columns()));
        for (int row = 0; row < geometry.rowsOf(tile); row++) {
            int start = first + row * rowBytes;
            geometry.packing().mover().move(source, start, rowBytes, new TileRow(target, row));
        }
        return target;
    }
}
