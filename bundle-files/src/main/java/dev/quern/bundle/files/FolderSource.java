package dev.quern.bundle.files;

import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.BundleSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Reads a bundle that is a folder. */
public final class FolderSource implements BundleSource {
    private final Path folder;
    private @Nullable FileChannel channel;
    private String channelFile = "";

    public FolderSource(Path folder) {
        this.folder = folder;
    }

    @Override
    public String name() {
        return folder.toString();
    }

    @Override
    public boolean has(String file) {
        return Files.isRegularFile(folder.resolve(file));
    }

    @Override
    public long size(String file) {
        try {
            return Files.size(folder.resolve(file));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    @Override
    public void read(String file, long offset, ByteBuffer into) {
        try {
            ZipSource.readFully(open(file), offset, into, folder + ": " + file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Files are read one after the other: one channel is enough. */
    private FileChannel open(String file) throws IOException {
        var current = channel;
        if (current == null || !channelFile.equals(file)) {
            close();
            current = FileChannel.open(folder.resolve(file), StandardOpenOption.READ);
            channel = current;
            channelFile = file;
        }
        return current;
    }

    private BundleException unreadable(String file, IOException cause) {
        return new BundleException(folder + ": " + file + " cannot be read: " + ZipSink.reason(cause), cause);
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
                channel = null;
            }
        } catch (IOException e) {
            throw unreadable(channelFile, e);
        }
    }
}
