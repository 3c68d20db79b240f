package dev.quern.plan.bundle;

import dev.quern.plan.BundleException;
import java.nio.ByteBuffer;

/**
 * Where a bundle is written: files one after the other, each in pieces. Nothing is seen under the bundle's name before {@link #finish}, and
 * nothing remains after {@link #abandon}. Methods throw {@link BundleException}.
 */
public interface BundleSink {
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
