package dev.quern.plan;

/** A bundle cannot be read or written. The message names the file and place, what was found, and what was expected. */
public final class BundleException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BundleException(String message) {
        super(message);
    }

    public BundleException(String message, Throwable cause) {
        super(message, cause);
    }
}
