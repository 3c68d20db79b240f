package dev.quern.gguf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing array of little-endian bytes. */
final class LittleEndianWriter {
    private byte[] bytes = new byte[64];
    private int size;

    /** Appends the lowest {@code width} bytes of a value. */
    void integer(long value, int width) {
        reserve(width);
        for (int i = 0; i < width; i++) {
            bytes[size++] = (byte) (value >> (8 * i));
        }
    }

    void u32(long value) {
        integer(value, Integer.BYTES);
    }

    void u64(long value) {
        integer(value, Long.BYTES);
    }

    void bytes(byte[] source) {
        reserve(source.length);
        System.arraycopy(source, 0, bytes, size, source.length);
        size += source.length;
    }

    /** Appends a length and the UTF-8 bytes of a text. */
    void string(String text) {
        string(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Appends a length and the bytes. */
    void string(byte[] text) {
        u64(text.length);
        bytes(text);
    }

    /** Appends zeros up to a multiple of the alignment. */
    void align(int alignment) {
        int padding = (alignment - size % alignment) % alignment;
        reserve(padding);
        size += padding;
    }

    int size() {
        return size;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * bytes.length)));
        }
    }
}
