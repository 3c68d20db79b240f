package dev.quern.runtime;

/**
 * The model's arithmetic failed: a number that it computed is NaN or infinite, and with it every token that would
 * follow. The message says at which position, which value was the first, what wrote it and what to do.
 */
public final class NotFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int position;

    NotFiniteException(int position, String message) {
        super(message);
        this.position = position;
    }

    /** The position of the token that was read when it failed first, from 0. */
    public int position() {
        return position;
    }
}
