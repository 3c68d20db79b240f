package dev.quern.cli.store;

/** A model cannot be had. The message tells what was asked, what was found and what to do. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String message;

    public StoreException(String message) {
        this.message = message;
    }

    public StoreException(String message, Throwable cause) {
        super(cause);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
