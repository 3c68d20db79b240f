package dev.quern.gguf;

import java.io.IOException;

/**
 * Reads numbers and bytes one after the other, through a window, so that a source sees few and large reads. Every read
 * is checked against the size of the source first.
 */
final class Cursor {
    /** What it means that a file promises more than it has, and what to do. */
    static final String CUT_SHORT = "The file is cut short or damaged; fetch it again.";

    private static final int WINDOW_BYTES = 1 << 16;

    private final ByteSource source;
    private final long size;
    private final byte[] window;
    private long windowStart;
    private int windowLength;
    private long position;

    Cursor(ByteSource source) {
        this.source = source;
        this.size = source.size();
        this.window = new byte[(int) Math.min(WINDOW_BYTES, Math.max(0, size))];
    }

    /** Where the next byte is read, in bytes from the start. */
    long position() {
        return position;
    }

    /** How many bytes are left. */
    long remaining() {
        return size - position;
    }

    int u8(String what) {
        need(1, what);
        fill(1);
        return window[(int) (position++ - windowStart)] & 0xff;
    }

    long u32(String what) {
        return integer(Integer.BYTES, what);
    }

    /** A u64; a value of 2^63 or more comes out negative. */
    long u64(String what) {
        return integer(Long.BYTES, what);
    }

    /** An unsigned little-endian number of {@code width} bytes. */
    long integer(int width, String what) {
        need(width, what);
        fill(width);
        int at = (int) (position - windowStart);
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << 8 | (window[at + i] & 0xff);
        }
        position += width;
        return value;
    }

    /** Copies bytes into an array, which the caller allocates only after checking {@link #remaining()}. */
    void bytes(byte[] target, int start, int length, String what) {
        need(length, what);
        int inWindow = (int) Math.min(length, Math.max(0, windowStart + windowLength - position));
        if (inWindow > 0) {
            System.arraycopy(window, (int) (position - windowStart), target, start, inWindow);
            position += inWindow;
        }
        int left = length - inWindow;
        if (left == 0) {
            return;
        }
        if (left < window.length) {
            fill(left);
            System.arraycopy(window, (int) (position - windowStart), target, start + inWindow, left);
        } else {
            load(position, target, start + inWindow, left);
        }
        position += left;
    }

    private void need(int length, String what) {
        if (length > remaining()) {
            throw new GgufException(
                    "offset " + position,
                    "The file ends within " + what + ": " + length + " bytes are needed, " + remaining() + " are left. "
                            + CUT_SHORT);
        }
    }

    /** Makes the window hold {@code length} bytes from the position on; {@link #need} has been asked. */
    private void fill(int length) {
        if (position >= windowStart && position + length <= windowStart + windowLength) {
            return;
        }
        int wanted = (int) Math.min(window.length, remaining());
        load(position, window, 0, wanted);
        windowStart = position;
        windowLength = wanted;
    }

    private void load(long offset, byte[] target, int start, int length) {
        try {
            source.read(offset, target, start, length);
        } catch (IOException failure) {
            throw new GgufException("offset " + offset, "Reading " + length + " bytes failed: " + failure.getMessage());
        }
    }
}
