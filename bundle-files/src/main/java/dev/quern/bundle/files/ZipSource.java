package dev.quern.bundle.files;

import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.BundleSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a bundle that is a zip of stored files. */
public final class ZipSource implements BundleSource {
    private static final int MAX_COMMENT = 0xFFFF;

    private final Path path;
    private final FileChannel channel;
    private final long length;
    private final Map<String, Part> parts = new HashMap<>();

    /** Where a file's bytes lie. */
    private record Part(long offset, long bytes) {}

    /** Opens the zip and reads its directory. */
    public ZipSource(Path path) {
        this.path = path;
        FileChannel opened = null;
        try {
            opened = FileChannel.open(path, StandardOpenOption.READ);
            channel = opened;
            length = channel.size();
            readDirectory();
        } catch (IOException e) {
            closeQuietly(opened);
            throw new BundleException(path + ": cannot be read: " + ZipSink.reason(e), e);
        } catch (BundleException e) {
            closeQuietly(opened);
            throw e;
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The error that led here matters more.
            return;
        }
    }

    private void readDirectory() throws IOException {
        int tailBytes = (int) Math.min(length, ZipEntry.END_BYTES + MAX_COMMENT);
        var tail = read(length - tailBytes, tailBytes);
        int end = tailBytes - ZipEntry.END_BYTES;
        while (end >= 0 && tail.getInt(end) != ZipEntry.END_SIGNATURE) {
            end--;
        }
        if (end < 0) {
            throw damaged("it has no zip directory at its end: no bundle, or a part of one");
        }
        long count = Short.toUnsignedLong(tail.getShort(end + 10));
        long bytes = Integer.toUnsignedLong(tail.getInt(end + 12));
        long start = Integer.toUnsignedLong(tail.getInt(end + 16));
        if (count == 0xFFFF || bytes == ZipEntry.ELSEWHERE || start == ZipEntry.ELSEWHERE) {
            var locator = read(length - tailBytes + end - ZipEntry.LOCATOR64_BYTES, ZipEntry.LOCATOR64_BYTES);
            expect(locator.getInt(0) == ZipEntry.LOCATOR64_SIGNATURE, "the 64-bit directory is missing");
            var wide = read(locator.getLong(8), ZipEntry.END64_BYTES);
            expect(wide.getInt(0) == ZipEntry.END64_SIGNATURE, "the 64-bit directory is missing");
            count = wide.getLong(32);
            bytes = wide.getLong(40);
            start = wide.getLong(48);
        }
        expect(bytes >= 0 && bytes <= Integer.MAX_VALUE, "its directory has " + bytes + " bytes");
        var directory = read(start, (int) bytes);
        for (long i = 0; i < count; i++) {
            readEntry(directory);
        }
    }

    private void readEntry(ByteBuffer directory) throws IOException {
        int at = directory.position();
        expect(
                directory.remaining() >= ZipEntry.DIRECTORY_BYTES
                        && directory.getInt(at) == ZipEntry.DIRECTORY_SIGNATURE,
                "its directory is broken");
        int nameBytes = Short.toUnsignedInt(directory.getShort(at + 28));
        int extraBytes = Short.toUnsignedInt(directory.getShort(at + 30));
        int commentBytes = Short.toUnsignedInt(directory.getShort(at + 32));
        int next = at + ZipEntry.DIRECTORY_BYTES + nameBytes + extraBytes + commentBytes;
        expect(next <= directory.limit(), "its directory is broken");
        byte[] name = new byte[nameBytes];
        directory.get(at + ZipEntry.DIRECTORY_BYTES, name);
        String file = new String(name, StandardCharsets.UTF_8);
        expect(directory.getShort(at + 10) == 0, file + " is compressed; a bundle's files are stored (zip -0)");
        long bytes = Integer.toUnsignedLong(directory.getInt(at + 24));
        long header = Integer.toUnsignedLong(directory.getInt(at + 42));
        if (header == ZipEntry.ELSEWHERE) {
            header = wideOffset(directory, at + ZipEntry.DIRECTORY_BYTES + nameBytes, extraBytes, file);
        }
        directory.position(next);
        if (file.endsWith("/")) {
            return;
        }
        var local = read(header, ZipEntry.LOCAL_BYTES);
        expect(local.getInt(0) == ZipEntry.LOCAL_SIGNATURE, file + " is not where the directory says");
        long offset = header
                + ZipEntry.LOCAL_BYTES
                + Short.toUnsignedInt(local.getShort(26))
                + Short.toUnsignedInt(local.getShort(28));
        expect(offset + bytes <= length, file + " reaches beyond the end");
        parts.put(file, new Part(offset, bytes));
    }

    /** The 64-bit offset in the extra field 1. Ours holds nothing else: sizes fit 32 bits. */
    private long wideOffset(ByteBuffer directory, int start, int bytes, String file) {
        int at = start;
        while (at + 4 <= start + bytes) {
            int size = Short.toUnsignedInt(directory.getShort(at + 2));
            if (directory.getShort(at) == 1 && size == 8 && at + 12 <= start + bytes) {
                return directory.getLong(at + 4);
            }
            at += 4 + size;
        }
        throw damaged(file + " has no 64-bit offset");
    }

    private ByteBuffer read(long offset, int bytes) throws IOException {
        expect(offset >= 0 && offset <= length - bytes, "it ends too early");
        var into = ZipEntry.allocate(bytes);
        readFully(channel, offset, into, path.toString());
        return into.flip();
    }

    private void expect(boolean holds, String problem) {
        if (!holds) {
            throw damaged(problem);
        }
    }

    private BundleException damaged(String problem) {
        return new BundleException(path + ": not a readable bundle: " + problem);
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public boolean has(String file) {
        return parts.containsKey(file);
    }

    @Override
    public long size(String file) {
        return part(file).bytes;
    }

    @Override
    public void read(String file, long offset, ByteBuffer into) {
        var part = part(file);
        if (offset < 0 || offset > part.bytes - into.remaining()) {
            throw new BundleException(path + ": " + file + " ends at byte " + part.bytes + ", but "
                    + (offset + into.remaining()) + " are needed");
        }
        try {
            readFully(channel, part.offset + offset, into, path + ": " + file);
        } catch (IOException e) {
            throw new BundleException(path + ": " + file + " cannot be read: " + ZipSink.reason(e), e);
        }
    }

    private Part part(String file) {
        var part = parts.get(file);
        if (part == null) {
            throw new BundleException(path + ": has no file " + file);
        }
        return part;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new BundleException(path + ": cannot be closed: " + ZipSink.reason(e), e);
        }
    }

    /** Fills what remains of {@code into}. */
    static void readFully(FileChannel channel, long offset, ByteBuffer into, String what) throws IOException {
        long at = offset;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) {
                throw new BundleException(what + " ends at byte " + at + ", but more are needed");
            }
            at += count;
        }
    }
}
