package dev.quern.reference;

import java.nio.ByteBuffer;

/** Fields at an index of a buffer, little endian whatever the order of the buffer. */
final class LittleEndian {
    private LittleEndian() {}

    static short getShort(ByteBuffer source, int offset) {
        return (short) ((source.get(offset) & 0xff) | (source.get(offset + 1) << 8));
    }

    static int getInt(ByteBuffer source, int offset) {
        return (getShort(source, offset) & 0xffff) | (getShort(source, offset + 2) << 16);
    }

    static void putShort(ByteBuffer target, int offset, short value) {
        target.put(offset, (byte) value);
        target.put(offset + 1, (byte) (value >>> 8));
    }

    static void putInt(ByteBuffer target, int offset, int value) {
        putShort(target, offset, (short) value);
        putShort(target, offset + 2, (short) (value >>> 16));
    }
}
