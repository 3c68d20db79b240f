package dev.quern.cli.store;

import dev.quern.bundle.files.Leftovers;
import dev.quern.cli.terminal.Visible;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that a command was told to write, on its way: it lies under another name beside its own until it is complete,
 * so that under its own name it always is. A device or a pipe takes the bytes as they come.
 */
public final class StagedFile implements AutoCloseable {
    private final Path named;
    private final Path target;
    private final FileChannel channel;

    /** Where it is written, and who removes that; neither where the target is a device or a pipe. */
    private final @Nullable Path temporary;

    private final @Nullable Leftovers leftovers;
    private boolean completed;

    private StagedFile(Path named, Path target, FileChannel channel, @Nullable Path temporary) {
        this.named = named;
        this.target = target;
        this.channel = channel;
        this.temporary = temporary;
        this.leftovers = temporary == null ? null : new Leftovers(temporary);
    }

    /**
     * Begins a file.
     *
     * @param named as the command was told
     * @throws StoreException if it cannot be written there, or if a model or a bundle would be overwritten
     */
    public static StagedFile begin(Path named) {
        try {
            OutputFile output = OutputFile.of(named);
            Path target = output.path();
            if (!output.isPlain()) {
                return new StagedFile(named, target, FileChannel.open(target, StandardOpenOption.WRITE), null);
            }
            Path temporary = Leftovers.unusedName(target, ".partial-");
            FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new StagedFile(named, target, channel, temporary);
        } catch (IOException e) {
            throw failed(named, e);
        }
    }

    /** Appends bytes, all that remain. */
    public void write(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw failed(named, e);
        }
    }

    /** Gives the file its name; without this call nothing of it remains. */
    public void complete() {
        try {
            channel.close();
            if (temporary != null) {
                Staging.moveInto(temporary, target);
            }
            completed = true;
        } catch (IOException e) {
            throw failed(named, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(named, e);
        } finally {
            if (leftovers != null && completed) {
                leftovers.keep();
            } else if (leftovers != null) {
                leftovers.remove();
            }
        }
    }

    private static StoreException failed(Path named, IOException cause) {
        return new StoreException(Visible.line(named) + " cannot be written: " + Reasons.of(cause) + ".", cause);
    }
}
