package dev.quern.ir.text.read;

/**
 * Text that is not a module. The message is made for people:
 *
 * <pre>
 * tiny.qir:4:12: expected '[' or '&lt;', found ','
 *   weight @w : f32, 8
 *                  ^
 * </pre>
 */
public final class ReadException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int line;
    private final int column;

    ReadException(String message, int line, int column) {
        super(message);
        this.line = line;
        this.column = column;
    }

    /** The line, from 1. */
    public int line() {
        return line;
    }

    /** The column, from 1. */
    public int column() {
        return column;
    }
}
