package dev.quern.ir;

/**
 * The order in which the bits of a weight lie in memory. The bits themselves are those of the encoding: a layout never
 * rounds.
 */
public enum Layout {
    /** As in the model file, row after row; vectors widened to f32. */
    PLAIN("plain"),
    /**
     * Tiles of 8 rows, cut into texels of 16 bytes: {@code [tile][texel][8 rows][16 bytes]}, so that lanes that own
     * neighbouring rows read neighbouring texels. The texels of a row run in chunks: first the scales of a few blocks,
     * then the quants of these blocks. A tile that lacks rows is padded with rows of zero.
     */
    ROW_TILES_8("row_tiles_8");

    private final String text;

    Layout(String text) {
        this.text = text;
    }

    /** The name in the text form. */
    public String text() {
        return text;
    }
}
