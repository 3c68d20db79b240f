package dev.quern.bundle.files;

import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.BundleSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Writes a bundle as a zip whose files are stored, not compressed. It is written into a temporary file beside the
 * target and moved when complete; an older file is replaced. Equal bundles give equal bytes: every file bears the date
 * 1980-01-01.
 */
public final class ZipSink implements BundleSink {
    private final Path target;
    private final Path temporary;
    private final Leftovers leftovers;
    private final FileChannel channel;
    private final List<ZipEntry> entries = new ArrayList<>();
    private @Nullable String file;
    private long headerOffset;
    private long bytes;
    private CRC32 checksum = new CRC32();

    /** Refuses a target that is a folder or a file but no zip, and one in a folder that is not there. */
    public ZipSink(Path target) {
        this.target = target.toAbsolutePath().normalize();
        if (Files.isDirectory(this.target)) {
            throw new BundleException(target + ": is a folder; choose another name for the zip, or remove it");
        }
        try {
            OlderBundle.requireReplaceableZip(target, this.target);
            requireParent(target, this.target);
            temporary = Leftovers.unusedName(this.target, ".partial-");
            channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failed(target, e);
        }
        leftovers = new Leftovers(temporary);
    }

    @Override
    public void begin(String name) {
        if (file != null) {
            throw new IllegalStateException(file + " is still open");
        }
        try {
            file = name;
            headerOffset = channel.position();
            bytes = 0;
            checksum = new CRC32();
            writeFully(new ZipEntry(name, headerOffset, 0, 0).localHeader());
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    @Override
    public void write(ByteBuffer piece) {
        bytes += piece.remaining();
        checksum.update(piece.duplicate());
        try {
            writeFully(piece);
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    /** Size and checksum are known only now: the header is written again. */
    @Override
    public void end() {
        var name = file;
        if (name == null) {
            throw new IllegalStateException("no file is open");
        }
        file = null;
        var entry = new ZipEntry(name, headerOffset, bytes, checksum.getValue());
        entries.add(entry);
        try {
            long end = channel.position();
            channel.position(headerOffset);
            writeFully(entry.localHeader());
            channel.position(end);
        } catch (IOException e) {
            throw failed(target, e);
        }
    }

    @Override
    public void finish() {
        try {
            long directory = channel.position();
            for (var entry : entries) {
                writeFully(entry.directoryHeader());
            }
            writeFully(ZipEntry.end(entries.size(), directory, channel.position()));
            channel.close();
            move(temporary, target);
        } catch (IOException e) {
            throw failed(target, e);
        }
        leftovers.keep();
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void abandon() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(target, e);
        } finally {
            leftovers.remove();
        }
    }

    private void writeFully(ByteBuffer piece) throws IOException {
        while (piece.hasRemaining()) {
            channel.write(piece);
        }
    }

    /** A folder that is not there is rather a mistake in its name than a wish. */
    static void requireParent(Path named, Path target) {
        if (!Files.isDirectory(parent(target))) {
            throw new BundleException(
                    named + ": there is no folder " + parent(target) + "; make it, or name another place");
        }
    }

    static Path parent(Path path) {
        var parent = path.getParent();
        if (parent == null) {
            throw new BundleException(path + ": cannot be the name of a bundle");
        }
        return parent;
    }

    static BundleException failed(Path target, IOException cause) {
        return new BundleException(target + ": the bundle cannot be written: " + reason(cause), cause);
    }

    static String reason(IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return "there is no file " + cause.getMessage();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
