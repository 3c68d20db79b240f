package dev.quern.ir;

/** In which order the bits of a weight lie in memory. The bits themselves are those of the encoding: a layout never rounds. */
public enum Layout {
    /** As in the model file, row after row; vectors widened to f32. */
    PLAIN("plain"),
    /**
     * Tiles of 8 rows: {@code [row group][block][8 rows][16 bytes]}, scales apart as {@code [row group][block][8 rows]}, so that lanes that
     * own neighbouring rows read neighbouring 16 bytes. The last group is padded with rows of zero.
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
