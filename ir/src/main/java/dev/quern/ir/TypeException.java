package dev.quern.ir;

/** Operands that do not fit together. The message is a full sentence with both sides. */
public final class TypeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TypeException(String message) {
        super(message);
    }
}
