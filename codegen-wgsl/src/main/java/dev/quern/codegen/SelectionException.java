package dev.quern.codegen;

/** An operation for which the device profile has no kernel. The message says which, why, and what to do. */
public final class SelectionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SelectionException(String message) {
        super(message);
    }
}
