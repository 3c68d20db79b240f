package dev.quern.text;

/** UTF-8, byte by byte: no charset classes, so that it behaves alike on every host. */
public final class Utf8 {
    static final int REPLACEMENT = 0xFFFD;

    private Utf8() {}

    /**
     * Decodes a text.
     *
     * @param target takes the characters; as long as the text at least
     * @return how many characters there are, or -1 if the text is no UTF-8
     */
    static int decode(byte[] text, char[] target) {
        int size = 0;
        for (int position = 0; position < text.length; ) {
            byte value = text[position];
            if (value >= 0) {
                target[size++] = (char) value;
                position++;
                continue;
            }
            int length = validLength(text, position, text.length);
            if (length == 0) {
                return -1;
            }
            int codePoint = codePoint(text, position, length);
            position += length;
            if (length < 4) {
                target[size++] = (char) codePoint;
            } else {
                target[size++] = Character.highSurrogate(codePoint);
                target[size++] = Character.lowSurrogate(codePoint);
            }
        }
        return size;
    }

    /** Bytes of a code point; a surrogate counts as U+FFFD. */
    static int length(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }

    /** Writes a code point (a surrogate as U+FFFD) and returns the offset after it. */
    static int put(byte[] target, int offset, int codePoint) {
        int at = offset;
        if (codePoint < 0x80) {
            target[at++] = (byte) codePoint;
            return at;
        }
        if (codePoint < 0x800) {
            target[at++] = (byte) (0xC0 | (codePoint >> 6));
            target[at++] = (byte) (0x80 | (codePoint & 0x3F));
            return at;
        }
        if (codePoint < 0x10000) {
            int value = codePoint >= 0xD800 && codePoint <= 0xDFFF ? REPLACEMENT : codePoint;
            target[at++] = (byte) (0xE0 | (value >> 12));
            target[at++] = (byte) (0x80 | ((value >> 6) & 0x3F));
            target[at++] = (byte) (0x80 | (value & 0x3F));
            return at;
        }
        target[at++] = (byte) (0xF0 | (codePoint >> 18));
        target[at++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
        target[at++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
        target[at++] = (byte) (0x80 | (codePoint & 0x3F));
        return at;
    }

    /** Whether some bytes are well-formed: no overlong forms, no surrogates, nothing above U+10FFFF. */
    public static boolean isValid(byte[] bytes, int start, int length) {
        int limit = start + length;
        for (int at = start; at < limit; ) {
            int sequence = validLength(bytes, at, limit);
            if (sequence == 0) {
                return false;
            }
            at += sequence;
        }
        return true;
    }

    /** Length of the valid sequence at {@code position}, or 0 if there is none that ends before {@code limit}. */
    static int validLength(byte[] bytes, int position, int limit) {
        int first = bytes[position] & 0xFF;
        int length = sequenceLength(first);
        if (length <= 1) {
            return length;
        }
        if (position + length > limit || !isSecond(first, bytes[position + 1] & 0xFF)) {
            return 0;
        }
        for (int next = 2; next < length; next++) {
            if (!isContinuation(bytes[position + next] & 0xFF)) {
                return 0;
            }
        }
        return length;
    }

    /** The code point of a valid sequence. */
    static int codePoint(byte[] bytes, int position, int length) {
        if (length == 1) {
            return bytes[position];
        }
        int value = bytes[position] & (0xFF >> (length + 1));
        for (int next = 1; next < length; next++) {
            value = (value << 6) | (bytes[position + next] & 0x3F);
        }
        return value;
    }

    /** How long a sequence is that begins with this byte; 0 if none does. */
    static int sequenceLength(int first) {
        if (first < 0x80) {
            return 1;
        }
        if (first < 0xC2) {
            return 0;
        }
        if (first < 0xE0) {
            return 2;
        }
        if (first < 0xF0) {
            return 3;
        }
        return first < 0xF5 ? 4 : 0;
    }

    /**
     * Length of the sequence at {@code position} whose bytes have the right leading bits, whatever code point they
     * give; 0 if there is none.
     */
    static int lengthByShape(byte[] bytes, int position) {
        int first = bytes[position] & 0xFF;
        if (isContinuation(first) || first >= 0xF8) {
            return 0;
        }
        int length = announcedLength(first);
        if (position + length > bytes.length) {
            return 0;
        }
        for (int next = 1; next < length; next++) {
            if (!isContinuation(bytes[position + next] & 0xFF)) {
                return 0;
            }
        }
        return length;
    }

    /** How many bytes the leading bits of a first byte announce; 1 for a byte that can only be a later one. */
    static int announcedLength(int first) {
        if (first < 0xC0) {
            return 1;
        }
        if (first < 0xE0) {
            return 2;
        }
        return first < 0xF0 ? 3 : 4;
    }

    /**
     * Whether {@code second} may follow {@code first}: excludes overlong forms, surrogates and what lies beyond
     * U+10FFFF.
     */
    static boolean isSecond(int first, int second) {
        return switch (first) {
            case 0xE0 -> second >= 0xA0 && second <= 0xBF;
            case 0xED -> second >= 0x80 && second <= 0x9F;
            case 0xF0 -> second >= 0x90 && second <= 0xBF;
            case 0xF4 -> second >= 0x80 && second <= 0x8F;
            default -> isContinuation(second);
        };
    }

    /** Whether a byte is the second or a later one of a sequence. */
    static boolean isContinuation(int value) {
        return (value & 0xC0) == 0x80;
    }
}
