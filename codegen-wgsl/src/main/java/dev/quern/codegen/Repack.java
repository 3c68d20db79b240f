package dev.quern.codegen;

import dev.quern.ir.Encoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Moves the rows of a weight from the order of model files into tiles: see {@link TileGeometry}. What a texel holds, per encoding, stands
 * at the head of the encoding's {@code codec/*.wgsl}.
 */
public final class Repack {
    private final TileGeometry geometry;

    public Repack(TileGeometry geometry) {
        this.geometry = geometry;
    }

    /**
     * One tile.
     *
     * @param rows the tile's rows as in the model file, one after another, {@link TileGeometry#rowsOf} of them, little-endian
     * @return {@link TileGeometry#tileBytes} bytes, little-endian, ready to be read
     */
    public ByteBuffer tile(ByteBuffer rows, long tile) {
        ByteBuffer source = rows.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer target = ByteBuffer.allocate(geometry.tileBytes()).order(ByteOrder.LITTLE_ENDIAN);
        int rowBytes = Math.toIntExact(geometry.encoding().bytesOf(geometry.columns()));
        for (int row = 0; row < geometry.rowsOf(tile); row++) {
            int start = source.position() + row * rowBytes;
            switch (geometry.encoding()) {
                case Encoding.Scalar scalar -> scalars(source, start, rowBytes, target, row);
                case Encoding.Block block -> blocks(block, source, start, target, row);
            }
        }
        return target;
    }

    private void scalars(ByteBuffer source, int start, int rowBytes, ByteBuffer target, int row) {
        for (int at = 0; at < rowBytes; at++) {
            int texel = at / TileGeometry.TEXEL;
            target.put(address(texel, row) + at % TileGeometry.TEXEL, source.get(start + at));
        }
    }

    private void blocks(Encoding.Block encoding, ByteBuffer source, int start, ByteBuffer target, int row) {
        int chunkTexels = geometry.header() + geometry.chunk() * geometry.quants();
        for (int block = 0; block < geometry.blocks(); block++) {
            int from = start + block * encoding.bytes();
            int index = block % geometry.chunk();
            int head = block / geometry.chunk() * chunkTexels;
            int quants = head + geometry.header() + index * geometry.quants();
            switch (encoding) {
                case Q4_0 -> {
                    target.putShort(half(head, row, index), source.getShort(from));
                    copy(source, from + 2, target, quants, row);
                }
                case Q4_1 -> {
                    target.putInt(word(head, row, index), source.getInt(from));
                    copy(source, from + 4, target, quants, row);
                }
                case Q5_0 -> {
                    target.putShort(half(head, row, index), source.getShort(from));
                    target.putInt(word(head + 1 + index / 4, row, index % 4), source.getInt(from + 2));
                    copy(source, from + 6, target, quants, row);
                }
                case Q5_1 -> {
                    target.putInt(word(head, row, index), source.getInt(from));
                    target.putInt(word(head + 1, row, index), source.getInt(from + 4));
                    copy(source, from + 8, target, quants, row);
                }
                case Q8_0 -> {
                    target.putShort(half(head, row, index), source.getShort(from));
                    copy(source, from + 2, target, quants, row);
                    copy(source, from + 18, target, quants + 1, row);
                }
                case Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4 ->
                    throw new UnsupportedOperationException("not built: " + encoding);
            }
        }
    }

    private static void copy(ByteBuffer source, int from, ByteBuffer target, int texel, int row) {
        int at = address(texel, row);
        for (int offset = 0; offset < TileGeometry.TEXEL; offset += 4) {
            target.putInt(at + offset, source.getInt(from + offset));
        }
    }

    private static int half(int texel, int row, int index) {
        return address(texel, row) + 2 * index;
    }

    private static int word(int texel, int row, int index) {
        return address(texel, row) + 4 * index;
    }

    private static int address(int texel, int row) {
        return (texel * TileGeometry.TILE_ROWS + row) * TileGeometry.TEXEL;
    }
}
