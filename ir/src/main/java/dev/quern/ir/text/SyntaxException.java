package dev.quern.ir.text;

/** Parts that do not make the operation that they name. The message is a full sentence; the reader adds the place. */
public final class SyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SyntaxException(String message) {
        super(message);
    }
}
