package dev.quern.compiler.web;

import dev.quern.gguf.ByteSource;
import dev.quern.runtime.web.Promises;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.teavm.jso.typedarrays.Float64Array;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * A model file that the host reads, through a few windows: rows are asked for one by one, and those of merged matrices
 * lie in several tensors. Reading waits, so a thread must call it.
 */
final class PageSource implements ByteSource {
    /** Bytes of a window. */
    static final int WINDOW_BYTES = 1 << 20;

    private static final int WINDOWS = 4;

    private final CompilerHost host;
    private final long size;
    private final List<ByteSource> parts;
    private final ByteBuffer staging = ByteBuffer.allocateDirect(WINDOW_BYTES);
    private final Window[] windows = new Window[WINDOWS];
    private int clock;

    /** Bytes of the file from an offset on. */
    private static final class Window {
        private final byte[] bytes = new byte[WINDOW_BYTES];
        private long offset;
        private int length;
        private int used;

        boolean holds(long position) {
            return position >= offset && position < offset + length;
        }
    }

    PageSource(CompilerHost host) {
        this.host = host;
        this.size = (long) host.getSize();
        for (int index = 0; index < WINDOWS; index++) {
            windows[index] = new Window();
        }
        this.parts = parts(host.getParts());
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public List<ByteSource> parts() {
        return parts;
    }

    private List<ByteSource> parts(Float64Array sizes) {
        if (sizes.getLength() == 1) {
            return List.of(this);
        }
        List<ByteSource> all = new ArrayList<>();
        long start = 0;
        for (int index = 0; index < sizes.getLength(); index++) {
            long bytes = (long) sizes.get(index);
            all.add(new Part(start, bytes));
            start += bytes;
        }
        return List.copyOf(all);
    }

    /** One of the files that the model was split into; all are read through the same windows. */
    private final class Part implements ByteSource {
        private final long first;
        private final long bytes;

        Part(long first, long bytes) {
            this.first = first;
            this.bytes = bytes;
        }

        @Override
        public long size() {
            return bytes;
        }

        @Override
        public void read(long offset, byte[] target, int start, int length) throws IOException {
            if (offset < 0 || length < 0 || offset > bytes || length > bytes - offset) {
                throw new IOException("asked for " + length + " bytes at offset " + offset + " of " + bytes + " bytes");
            }
            PageSource.this.read(first + offset, target, start, length);
        }
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        if (offset < 0 || length < 0 || offset > size || length > size - offset) {
            throw new IOException("asked for " + length + " bytes at offset " + offset + " of " + size + " bytes");
        }
        int done = 0;
        while (done < length) {
            Window window = window(offset + done);
            int from = (int) (offset + done - window.offset);
            int part = Math.min(length - done, window.length - from);
            System.arraycopy(window.bytes, from, target, start + done, part);
            done += part;
        }
    }

    private Window window(long position) throws IOException {
        Window oldest = windows[0];
        for (Window window : windows) {
            if (window.holds(position)) {
                window.used = ++clock;
                return window;
            }
            if (window.used < oldest.used) {
                oldest = window;
            }
        }
        fill(oldest, position);
        oldest.used = ++clock;
        return oldest;
    }

    private void fill(Window window, long position) throws IOException {
        int wanted = (int) Math.min(WINDOW_BYTES, size - position);
        window.length = 0;
        Uint8Array bytes;
        try {
            bytes = Promises.await(host.read((double) position, wanted));
        } catch (RuntimeException problem) {
            throw new IOException(problem.getMessage(), problem);
        }
        if (bytes.getLength() != wanted) {
            throw new IOException("of " + wanted + " bytes at offset " + position + " only " + bytes.getLength()
                    + " could be read: the file has changed or was cut short");
        }
        Js.copy(bytes, staging);
        staging.clear().get(window.bytes, 0, wanted);
        window.offset = position;
        window.length = wanted;
    }
}
