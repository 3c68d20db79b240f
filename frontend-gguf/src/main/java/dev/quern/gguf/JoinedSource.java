package dev.quern.gguf;

import java.io.IOException;
import java.util.List;

/** Several sources, one behind the other. */
final class JoinedSource implements ByteSource {
    private final List<ByteSource> parts;
    private final long size;

    JoinedSource(List<ByteSource> parts) {
        this.parts = List.copyOf(parts);
        long sum = 0;
        for (ByteSource part : parts) {
            sum = Math.addExact(sum, part.size());
        }
        this.size = sum;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public List<ByteSource> parts() {
        return parts;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        if (offset < 0 || length < 0 || offset > size || length > size - offset) {
            throw new IOException("asked for " + length + " bytes at offset " + offset + " of " + size + " bytes");
        }
        long from = offset;
        int done = 0;
        for (ByteSource part : parts) {
            if (done == length) {
                return;
            }
            if (from < part.size()) {
                int count = (int) Math.min(length - done, part.size() - from);
                part.read(from, target, start + done, count);
                done += count;
                from = 0;
            } else {
                from -= part.size();
            }
        }
    }
}
