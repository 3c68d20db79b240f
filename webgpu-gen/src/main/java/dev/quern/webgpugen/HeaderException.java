package dev.quern.webgpugen;

/** A header that cannot be read, or bindings that cannot be written from it; the message is for people. */
public final class HeaderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An exception with a full sentence. */
    public HeaderException(String message) {
        super(message);
    }
}
