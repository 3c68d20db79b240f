package dev.quern.gguf;

import dev.quern.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A string as the file has it: bytes. Most are UTF-8, but a token may be any bytes, so nothing is decoded before it is
 * asked for, and equality is equality of bytes.
 */
public final class GgufString {
    private final byte[] bytes;

    private GgufString(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The UTF-8 form of a text. */
    public static GgufString of(String text) {
        return new GgufString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** These very bytes (copied), whether they are UTF-8 or not. */
    public static GgufString of(byte[] bytes) {
        return new GgufString(bytes.clone());
    }

    /** Takes over an array that nobody else holds. */
    static GgufString owning(byte[] bytes) {
        return new GgufString(bytes);
    }

    /** The number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether the bytes are well-formed UTF-8. */
    public boolean isUtf8() {
        return Utf8.isValid(bytes, 0, bytes.length);
    }

    /** The text; bytes that are no UTF-8 appear as U+FFFD, so this may lose what {@link #bytes()} keeps. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GgufString that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The text in quotation marks, for messages: control characters escaped, long texts cut. */
    @Override
    public String toString() {
        return Quote.of(text());
    }
}
