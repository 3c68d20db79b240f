package dev.quern.ir;

/** The kind of resource that holds a weight on the device. */
public enum Placement {
    /** A storage buffer. */
    BUFFER("buffer"),
    /** A texture of 16-byte texels, read as a storage texture, which some devices do faster. */
    TEXTURE("texture"),
    /** A texture of 16-byte texels, read as sampled textures are, which others do faster. */
    SAMPLED_TEXTURE("sampled_texture");

    private final String text;

    Placement(String text) {
        this.text = text;
    }

    /** The name in the text form. */
    public String text() {
        return text;
    }
}
