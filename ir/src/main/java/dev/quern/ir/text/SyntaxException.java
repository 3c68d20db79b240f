package dev.quern.ir.text;

/** Parts that do not make the operation that they name. The message is a full sentence; the reader adds the place. */
public final class SyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String attribute;

    public SyntaxException(String message) {
        this("", message);
    }

    /** An exception about an attribute of the operation. */
    SyntaxException(String attribute, String message) {
        super(message);
        this.attribute = attribute;
    }

    /** The name of the attribute that it is about, empty if it is about none that is there. */
    public String attribute() {
        return attribute;
    }
}
