package dev.quern.plan.bundle;

import dev.quern.plan.BundleException;
import java.nio.ByteBuffer;

/** Where a bundle is read from. Methods throw {@link BundleException}, which names the bundle and the file. */
public interface BundleSource extends AutoCloseable {
    /** The bundle's name, for messages. */
    String name();

    /** Whether there is such a file. */
    boolean has(String file);

    /** The size of a file in bytes. */
    long size(String file);

    /** Fills all that remains of {@code into} from a place in a file. */
    void read(String file, long offset, ByteBuffer into);

    @Override
    void close();
}
