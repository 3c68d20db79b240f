package dev.quern.bundle.files;

import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.BundleSink;
import dev.quern.plan.bundle.Manifest;
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

    /** Refuses a target that is something else than a bundle. */
    public FolderSink(Path target) {
        this.target = target.toAbsolutePath().normalize();
        try {
            if (Files.exists(this.target) && !isReplaceable(this.target)) {
                throw new BundleException(
                        target + ": is there already and is no bundle; choose another name, or remove it");
            }
            var parent = ZipSink.parent(this.target);
            Files.createDirectories(parent);
            temporary = Files.createDirectory(Leftovers.unusedName(this.target, ".partial-"));
        } catch (IOException e) {
            throw ZipSink.failed(target, e);
        }
        leftovers = new Leftovers(temporary);
    }

    private static boolean isReplaceable(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        if (Files.exists(path.resolve(Manifest.FILE))) {
            return true;
        }
        try (var entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        }
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
