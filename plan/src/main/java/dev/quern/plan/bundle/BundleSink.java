package dev.quern.plan.bundle;

import dev.quern.plan.BundleException;
import java.nio.ByteBuffer;

/**
 * Where a bundle is written: files one after the other, each in pieces. Nothing is seen under the bundle's name before
 * {@link #finish}, and nothing remains after {@link #abandon}. Methods throw {@link BundleException}.
 */
public interface BundleSink {
    /**
     * Whether the sink has all of a file from an earlier try that broke off. Such a file is begun and ended, but none
     * of its bytes are written: the digests that the writer has must know it without them.
     */
    default boolean holds(String file) {
        return false;
    }

    /** Begins a file; the one before must have ended. */
    void begin(String file);

    /** Appends all that remains of the piece to the file; the buffer's position moves to its limit. */
    void write(ByteBuffer piece);

    /** Ends the file. */
    void end();

    /** Puts the bundle in its place. */
    void finish();

    /** Removes whatever was written; does nothing after {@link #finish}. */
    void abandon();
}
