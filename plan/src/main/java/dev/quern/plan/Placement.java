package dev.quern.plan;

/** Where a weight lies on the device. */
public enum Placement {
    /** A read-only storage buffer. */
    BUFFER("buffer"),
    /**
     * A texture of {@code rgba32uint}, one texel for 16 bytes, texels in rows of {@link WeightSpec#TEXTURE_WIDTH}, read
     * as a storage texture.
     */
    TEXTURE("texture"),
    /** The same texture, read as sampled ones are. */
    SAMPLED_TEXTURE("sampled_texture");

    private final String text;

    Placement(String text) {
        this.text = text;
    }

    /** The name in the bundle. */
    public String text() {
        return text;
    }
}
