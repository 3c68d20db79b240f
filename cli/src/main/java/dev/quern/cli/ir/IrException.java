package dev.quern.cli.ir;

/** A text or a graph that cannot be used as asked. The message tells where, what was found, and what to do. */
public final class IrException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public IrException(String message) {
        super(message);
    }

    public IrException(String message, Throwable cause) {
        super(message, cause);
    }
}
