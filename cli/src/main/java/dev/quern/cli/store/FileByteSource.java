package dev.quern.cli.store;

import dev.quern.gguf.ByteSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A model's file, or the files that it was split into, mapped into memory: whatever their size, they take no heap, and
 * the system keeps in memory what is used.
 */
public final class FileByteSource implements ByteSource, AutoCloseable {
    private final Arena arena;
    private final ByteSource bytes;

    private FileByteSource(Arena arena, ByteSource bytes) {
        this.arena = arena;
        this.bytes = bytes;
    }

    /**
     * Maps a model for reading: a file, and if its name is that of a part, the other parts as well.
     *
     * @throws IOException if a file cannot be read, or a part is missing
     */
    public static FileByteSource open(Path file) throws IOException {
        return map(ModelParts.of(file));
    }

    /** Maps one file for reading, a part or not. */
    static FileByteSource openAlone(Path file) throws IOException {
        return map(List.of(file));
    }

    private static FileByteSource map(List<Path> files) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            List<ByteSource> mapped = new ArrayList<>();
            for (Path file : files) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    mapped.add(new Mapped(file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena)));
                }
            }
            return new FileByteSource(arena, ByteSource.joined(mapped));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public long size() {
        return bytes.size();
    }

    @Override
    public List<ByteSource> parts() {
        return bytes.parts();
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        bytes.read(offset, target, start, length);
    }

    @Override
    public void close() {
        arena.close();
    }

    /** One file. */
    private record Mapped(Path file, MemorySegment bytes) implements ByteSource {
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
                // How the JVM tells that the system has no page for an address: the file became shorter, or the disk
                // fails.
                throw new IOException(file + " was cut short while it was read, or the disk fails", e);
            }
        }
    }
}
