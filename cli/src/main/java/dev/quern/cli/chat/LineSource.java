package dev.quern.cli.chat;

import java.io.IOException;
import java.util.List;

/** Where lines come from: a person who edits them, or anything that has lines. */
interface LineSource extends AutoCloseable {
    /** What came. */
    sealed interface Read {
        /** A line, without its end; several where several were pasted at once. */
        record Line(String text) implements Read {}

        /**
         * Ctrl-C.
         *
         * @param wasEmpty whether nothing stood in the line
         */
        record Interrupted(boolean wasEmpty) implements Read {}

        /** There is nothing more. */
        record End() implements Read {}
    }

    /**
     * Waits for a line.
     *
     * @param prompt what stands before it, where a person types
     */
    Read read(String prompt) throws IOException;

    /** Remembers a message as a whole, so that it can be called back. */
    void remember(String message);

    /** What a person may complete. */
    void completes(List<String> words);

    /** Does this when Ctrl-C comes while no line is waited for. */
    void onInterrupt(Runnable task);

    @Override
    void close() throws IOException;
}
