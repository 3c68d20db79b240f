package dev.quern.codegen.repack;

import dev.quern.ir.Encoding;

/**
 * How a matrix lies in tiles of eight rows ({@link dev.quern.ir.Layout#ROW_TILES_8}).
 *
 * <p>A tile is a stream of texels of 16 bytes, always eight side by side, one for each of its rows. Columns run in
 * blocks of 32, blocks in chunks: first the chunk's header texels (scales of its blocks), then the quants of its blocks
 * in order. The last chunk may hold fewer blocks. Texel {@code t} of block {@code b} of row {@code r} so stands at
 *
 * <pre>{@code
 * tile(r / 8) + 8 * (b / chunk * (header + chunk * quants) + header + b % chunk * quants + t) + r % 8
 * }</pre>
 *
 * <p>Bits are moved, never changed: the layout is exact. Missing rows and columns are zeros.
 *
 * @param encoding of the weight
 * @param rows of the weight
 * @param columns of the weight
 * @param parts 2 where the first and second half of the rows (gate and up) are tiled apart, else 1
 */
public record TileGeometry(Encoding encoding, long rows, long columns, int parts) {
    public TileGeometry {
        if (rows % parts != 0) {
            throw new IllegalArgumentException(rows + " rows do not divide into " + parts + " parts");
        }
    }

    /** Texels before the quants of a chunk, per row. */
    public int header() {
        return packing().header();
    }

    /** Texels of a block's quants, per row. */
    public int quants() {
        return packing().quants();
    }

    /** Blocks that share a header. */
    public int chunk() {
        return packing().chunk();
    }

    /** How the encoding's blocks lie in their chunks. */
    public Packing packing() {
        return Packing.of(encoding);
    }

    /** Blocks of a row. */
    public long blocks() {
        return Math.ceilDiv(columns, (long) Tile.BLOCK);
    }

    /** Tiles of one part. */
    public long tilesOfPart() {
        return Math.ceilDiv(rows / parts, (long) Tile.ROWS);
    }

    /** Tiles of the weight. */
    public long tiles() {
        return tilesOfPart() * parts;
    }

    /** Texels of a tile. */
    public long tileTexels() {
        return Tile.ROWS * (Math.ceilDiv(blocks(), (long) chunk()) * header() + blocks() * quants());
    }

    /** Bytes of a tile. */
    public int tileBytes() {
        return Math.toIntExact(Math.multiplyExact(tileTexels(), (long) Tile.TEXEL));
    }

    /** Bytes of the weight. */
    public long bytes() {
        return Math.multiplyExact(tiles(), (long) tileBytes());
    }

    /** The first row of a tile, and so of the rows that {@link Repack} wants for it. */
    public long firstRow(long tile) {
        return tile / tilesOfPart() * (rows / parts) + tile % tilesOfPart() * Tile.ROWS;
    }

    /** How many rows of the weight a tile holds: 8, or fewer at the end of a part. */
    public int rowsOf(long tile) {
        return (int) Math.min(Tile.ROWS, rows / parts - tile % tilesOfPart() * Tile.ROWS);
    }
}
