package dev.quern.ir;

/** In which kind of resource a weight lies on the device. */
public enum Placement {
    /** A storage buffer. */
    BUFFER("buffer"),
    /** A read-only texture of 16-byte texels, which some devices read faster. */
    TEXTURE("texture");

    private final String text;

    Placement(String text) {
        this.text = text;
    }

    /** The name in the text form. */
    public String text() {
        return text;
    }
}
