package dev.quern.text;

/**
 * The bytes of tokens as strings, without loss.
 *
 * <p>GGUF holds tokens as bytes. Nearly all are UTF-8, but a vocabulary may hold raw bytes that are not. Here a token
 * is a {@code String} in which every byte that belongs to no valid UTF-8 sequence stands as the lone low surrogate
 * {@code U+DC00 + byte} (so {@code U+DC80} to {@code U+DCFF}). No valid text holds such a character, hence
 * {@code bytes(decode(b))} equals {@code b} for all bytes.
 */
public final class TokenText {
    private static final int ESCAPE = 0xDC00;

    private TokenText() {}

    /** The string that stands for these bytes. */
    public static String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /** The string that stands for the bytes from {@code from} (inclusive) to {@code to} (exclusive). */
    public static String decode(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        int position = from;
        while (position < to) {
            int length = Utf8.validLength(bytes, position, to);
            if (length == 0) {
                text.append((char) (ESCAPE + (bytes[position] & 0xFF)));
                position++;
            } else {
                text.appendCodePoint(Utf8.codePoint(bytes, position, length));
                position += length;
            }
        }
        return text.toString();
    }

    /** The bytes that a token's string stands for. Lone surrogates that stand for no byte become U+FFFD. */
    public static byte[] bytes(String text) {
        byte[] bytes = new byte[length(text)];
        int size = 0;
        for (int position = 0; position < text.length(); ) {
            int codePoint = text.codePointAt(position);
            position += Character.charCount(codePoint);
            if (isEscapedByte(codePoint)) {
                bytes[size++] = (byte) codePoint;
            } else {
                size = Utf8.put(bytes, size, codePoint);
            }
        }
        return bytes;
    }

    /** How many bytes a token's string stands for. */
    static int length(String text) {
        int size = 0;
        for (int position = 0; position < text.length(); ) {
            int codePoint = text.codePointAt(position);
            position += Character.charCount(codePoint);
            size += isEscapedByte(codePoint) ? 1 : Utf8.length(codePoint);
        }
        return size;
    }

    /**
     * The character that stands for a byte of repaired text, which may be less than 0x80: it was announced as a part of
     * a character.
     */
    static char escape(byte value) {
        return (char) (ESCAPE + (value & 0xFF));
    }

    /** Whether a code point is a lone surrogate that {@link #escape} gives. */
    static boolean isEscape(int codePoint) {
        return codePoint >= ESCAPE && codePoint <= ESCAPE + 0xFF;
    }

    /** The string of a token that is one byte. */
    static String ofByte(int value) {
        return String.valueOf((char) (value < 0x80 ? value : ESCAPE + value));
    }

    private static boolean isEscapedByte(int codePoint) {
        return codePoint >= ESCAPE + 0x80 && codePoint <= ESCAPE + 0xFF;
    }
}
