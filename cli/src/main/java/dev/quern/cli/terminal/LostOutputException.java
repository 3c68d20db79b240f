package dev.quern.cli.terminal;

import java.io.IOException;

/** What a command prints reaches nobody: whatever it still does would be for nothing. */
public final class LostOutputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient IOException reason;
    private final boolean readerIsGone;

    /**
     * @param cause what the system says
     * @param readerIsGone whether the output was a pipe whose reader has ended: it has what it wanted
     */
    LostOutputException(IOException cause, boolean readerIsGone) {
        super(cause.getMessage(), cause);
        this.reason = cause;
        this.readerIsGone = readerIsGone;
    }

    /** Whether the output was a pipe whose reader has ended, which is no fault of anyone. */
    public boolean readerIsGone() {
        return readerIsGone;
    }

    /** What the system says. */
    @Override
    public IOException getCause() {
        return reason;
    }
}
