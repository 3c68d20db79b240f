package dev.quern.ir.text.read;

/**
 * Text that cannot be read. The message is made for people:
 *
 * <pre>
 * tiny.qir:4:12: expected '[' or '&lt;', found ','
 *   weight @w : f32, 8
 *                  ^
 * </pre>
 */
public final class ReadException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient At at;

    ReadException(String message, At at) {
        super(message);
        this.at = at;
    }

    /** Where. */
    public At at() {
        return at;
    }

    /** The line, from 1. */
    public int line() {
        return at.line();
    }

    /** The column, from 1. */
    public int column() {
        return at.column();
    }
}
