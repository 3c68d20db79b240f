package dev.quern.bundle.files;

import dev.quern.plan.bundle.BundleSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Writes a bundle as a folder: into a folder of a temporary name beside the target, moved when complete. An older
 * bundle is replaced.
 */
public final class FolderSink implements BundleSink {
    private final Path target;
    private final Path temporary;
    private final Leftovers leftovers;
    private @Nullable FileChannel channel;

    /** Refuses a target that is, or holds, something else than a bundle, and one in a folder that is not there. */
    public FolderSink(Path target) {
        this.target = target.toAbsolutePath().normalize();
        try {
            OlderBundle.requireReplaceable(target, this.target);
            ZipSink.requireParent(target, this.target);
            temporary = Files.createDirectory(Leftovers.unusedName(this.target, ".partial-"));
        } catch (IOException e) {
            throw ZipSink.failed(target, e);
        }
        leftovers = new Leftovers(temporary);
    }

    @Override
    public void begin(String file) {
        var path = temporary.resolve(file);
        try {
            // Not createDirectories: that would bring back a folder that an interrupt has just removed.
            var folder = ZipSink.parent(path);
            if (!Files.exists(folder)) {
                Files.createDirectory(folder);
            }
            channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw ZipSink.failed(target, e);
        }
    }

    @Override
    public void write(ByteBuffer piece) {
        try {
            while (piece.hasRemaining()) {
                open().write(piece);
            }
        } catch (IOException e) {
            throw ZipSink.failed(target, e);
        }
    }

    @Override
    public void end() {
        try {
            open().close();
            channel = null;
        } catch (IOException e) {
            throw ZipSink.failed(target, e);
        }
    }

    private FileChannel open() {
        var current = channel;
        if (current == null) {
            throw new IllegalStateException("no file is open");
        }
        return current;
    }

    @Override
    public void finish() {
        try {
            // Something may have come to lie there meanwhile.
            OlderBundle.requireReplaceable(target, target);
            if (Files.exists(target)) {
                var old = Leftovers.unusedName(target, ".old-");
                Files.move(target, old);
                Files.move(temporary, target);
                Leftovers.delete(old);
            } else {
                Files.move(temporary, target);
            }
        } catch (IOException e) {
            throw ZipSink.failed(target, e);
        }
        leftovers.keep();
    }

    @Override
    public void abandon() {
        try {
            if (channel != null) {
                channel.close();
                channel = null;
            }
        } catch (IOException e) {
            throw ZipSink.failed(target, e);
        } finally {
            leftovers.remove();
        }
    }
}
