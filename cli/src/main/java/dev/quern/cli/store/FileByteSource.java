package dev.quern.cli.store;

import dev.quern.gguf.ByteSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** A file mapped into memory: whatever its size, it takes no heap, and the system keeps in memory what is used. */
public final class FileByteSource implements ByteSource, AutoCloseable {
    private final Path file;
    private final Arena arena;
    private final MemorySegment bytes;

    private FileByteSource(Path file, Arena arena, MemorySegment bytes) {
        this.file = file;
        this.arena = arena;
        this.bytes = bytes;
    }

    /** Maps a file for reading. */
    public static FileByteSource open(Path file) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new FileByteSource(
                    file, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public long size() {
        return bytes.byteSize();
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        Objects.checkFromIndexSize(start, length, target.length);
        if (offset < 0 || offset > size() || length > size() - offset) {
            throw new IOException(
                    "asked for " + length + " bytes at offset " + offset + " of " + size() + " bytes of " + file);
        }
        try {
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, target, start, length);
        } catch (InternalError e) {
            // How the JVM tells that the system has no page for an address: the file became shorter, or the disk fails.
            throw new IOException(file + " was cut short while it was read, or the disk fails", e);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
