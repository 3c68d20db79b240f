package dev.quern.cli.inspect;

import dev.quern.cli.store.StagedFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Rows of 32-bit floats, little-endian. The file appears under its name when it is complete. */
public final class LogitsFile implements AutoCloseable {
    private final StagedFile file;

    private LogitsFile(StagedFile file) {
        this.file = file;
    }

    /**
     * Begins a file.
     *
     * @throws dev.quern.cli.store.StoreException if it cannot be written there
     */
    public static LogitsFile create(Path target) {
        return new LogitsFile(StagedFile.begin(target));
    }

    /** Appends a row. */
    public void row(float[] logits) {
        ByteBuffer bytes = ByteBuffer.allocate(logits.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(logits);
        file.write(bytes);
    }

    /** Moves the file to its place; without this call nothing of it remains. */
    public void complete() {
        file.complete();
    }

    @Override
    public void close() {
        file.close();
    }
}
