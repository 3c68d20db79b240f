package dev.quern.cli.inspect;

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
    private final Path temporary;
    private final FileChannel channel;

    private LogitsFile(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    /** Begins a file. */
    public static LogitsFile create(Path target) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + ".partial");
        return new LogitsFile(
                target,
                temporary,
                FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE));
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
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }
}
