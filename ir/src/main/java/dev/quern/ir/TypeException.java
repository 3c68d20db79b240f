package dev.quern.ir;

/** Operands that do not fit together. The message is a full sentence with both sides. */
public final class TypeException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final TypeRule rule;

    public TypeException(TypeRule rule, String message) {
        super(message);
        this.rule = rule;
    }

    /** The rule that is broken. */
    public TypeRule rule() {
        return rule;
    }
}
