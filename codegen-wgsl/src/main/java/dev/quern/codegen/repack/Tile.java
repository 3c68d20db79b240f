package dev.quern.codegen.repack;

/** The sizes that every tile has, whatever its encoding: see {@link TileGeometry}. */
public final class Tile {
    /** Rows of a tile. */
    public static final int ROWS = 8;

    /** Columns of a block; floats are cut into blocks too. */
    public static final int BLOCK = 32;

    /** Bytes of a texel. */
    public static final int TEXEL = 16;

    private Tile() {}
}
