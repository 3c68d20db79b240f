package dev.quern.gguf;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * Bytes at offsets: all that the reader needs of a file. Offsets and sizes are {@code long}, so that a source may be
 * far larger than an array.
 */
public interface ByteSource {
    /** The number of bytes that can be read; it stays the same for the life of the source. */
    long size();

    /**
     * Reads {@code length} bytes at {@code offset} into {@code target}, from index {@code start} on: all of them or
     * none.
     *
     * @throws IOException if the bytes are not there (any more), or the medium fails
     */
    void read(long offset, byte[] target, int start, int length) throws IOException;

    /** The files that this is made of, one behind the other: more than one for a model that was split. */
    default List<ByteSource> parts() {
        return List.of(this);
    }

    /** The bytes of several files, one behind the other. */
    static ByteSource joined(List<ByteSource> parts) {
        return parts.size() == 1 ? parts.getFirst() : new JoinedSource(parts);
    }

    /** A source over an array. The array is not copied: it must not change while the source is in use. */
    static ByteSource of(byte[] bytes) {
        return new ByteSource() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public void read(long offset, byte[] target, int start, int length) throws IOException {
                Objects.checkFromIndexSize(start, length, target.length);
                if (offset < 0 || offset > bytes.length || length > bytes.length - offset) {
                    throw new IOException(
                            "asked for " + length + " bytes at offset " + offset + " of " + bytes.length + " bytes");
                }
                System.arraycopy(bytes, (int) offset, target, start, length);
            }
        };
    }
}
