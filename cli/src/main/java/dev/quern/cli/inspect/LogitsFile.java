package dev.quern.cli.inspect;

import dev.quern.cli.store.OutputFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Rows of 32-bit floats, little-endian. The file appears under its name when it is complete. */
public final class LogitsFile implements AutoCloseable {
    private final Path target;

    /** Where it is written; the target itself where that is a device or a pipe. */
    private final Path temporary;

    private final FileChannel channel;

    private LogitsFile(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    /**
     * Begins a file.
     *
     * @throws dev.quern.cli.store.StoreException if a model or a bundle would be overwritten
     */
    public static LogitsFile create(Path target) throws IOException {
        OutputFile output = OutputFile.of(target);
        Path path = output.path();
        Path temporary = output.isPlain() ? path.resolveSibling(path.getFileName() + ".partial") : path;
        return new LogitsFile(
                path,
                temporary,
                output.isPlain()
                        ? FileChannel.open(
                                temporary,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE)
                        : FileChannel.open(path, StandardOpenOption.WRITE));
    }

    /** Appends a row. */
    public void row(float[] logits) {
        ByteBuffer bytes = ByteBuffer.allocate(logits.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(logits);
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves the file to its place; without this call nothing of it remains. */
    public void complete() throws IOException {
        channel.close();
        if (!temporary.equals(target)) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!temporary.equals(target)) {
            Files.deleteIfExists(temporary);
        }
    }
}
