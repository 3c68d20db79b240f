package dev.quern.codegen.repack;

import java.nio.ByteBuffer;

/**
 * The texels of one row of a tile, to be written.
 *
 * @param tile all texels of the tile, little-endian, on an array as the source is
 * @param row of the tile, 0 to 7
 */
public record TileRow(ByteBuffer tile, int row) {

    /** Writes word {@code index} of a texel; indices beyond its four go on in the texels after it. */
    void word(int texel, int index, int word) {
        tile.putInt(address(texel + index / 4) + 4 * (index % 4), word);
    }

    /** Writes the 16 bits {@code index} of a texel, the lower half of a word first. */
    void half(int texel, int index, short half) {
        tile.putShort(address(texel) + 2 * index, half);
    }

    /** Writes byte {@code index} of a texel. */
    void octet(int texel, int index, byte octet) {
        tile.put(address(texel) + index, octet);
    }

    /** Copies the 16 bytes of a texel. In a browser this is several times faster than two longs. */
    void texel(int texel, ByteBuffer source, int from) {
        System.arraycopy(
                source.array(),
                source.arrayOffset() + from,
                tile.array(),
                tile.arrayOffset() + address(texel),
                Tile.TEXEL);
    }

    /** Copies bytes of the file's order into as many texels as they take. */
    public void bytes(int texel, ByteBuffer source, int from, int count) {
        int whole = count / Tile.TEXEL;
        for (int index = 0; index < whole; index++) {
            texel(texel + index, source, from + index * Tile.TEXEL);
        }
        for (int at = whole * Tile.TEXEL; at < count; at++) {
            octet(texel + whole, at % Tile.TEXEL, source.get(from + at));
        }
    }

    private int address(int texel) {
        return (texel * Tile.ROWS + row) * Tile.TEXEL;
    }
}
