package dev.quern.gguf;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A source over a file, for tests. */
public final class RandomAccessSource implements ByteSource, AutoCloseable {
    private final RandomAccessFile file;
    private final long size;

    /** Opens the file for reading. */
    public RandomAccessSource(Path path) throws IOException {
        file = new RandomAccessFile(path.toFile(), "r");
        size = file.length();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        file.seek(offset);
        file.readFully(target, start, length);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
