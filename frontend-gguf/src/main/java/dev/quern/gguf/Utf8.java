package dev.quern.gguf;

/** Checks UTF-8 strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {
    private Utf8() {}

    /** Whether {@code length} bytes from {@code start} on are well-formed UTF-8. */
    static boolean isValid(byte[] bytes, int start, int length) {
        int end = start + length;
        int at = start;
        while (at < end) {
            int lead = bytes[at] & 0xff;
            int size = sizeOf(lead);
            if (size == 0 || size > end - at) {
                return false;
            }
            for (int i = 1; i < size; i++) {
                if ((bytes[at + i] & 0xc0) != 0x80) {
                    return false;
                }
            }
            if (size > 2 && !isShortest(lead, bytes[at + 1] & 0xff)) {
                return false;
            }
            at += size;
        }
        return true;
    }

    /** The length of the sequence that a byte leads; 0 if it can lead none. */
    private static int sizeOf(int lead) {
        if (lead < 0x80) {
            return 1;
        }
        if (lead < 0xc2) {
            return 0;
        }
        if (lead < 0xe0) {
            return 2;
        }
        if (lead < 0xf0) {
            return 3;
        }
        return lead < 0xf5 ? 4 : 0;
    }

    /** Whether the second byte rules out overlong forms, surrogates and values above U+10FFFF. */
    private static boolean isShortest(int lead, int second) {
        return switch (lead) {
            case 0xe0 -> second >= 0xa0;
            case 0xed -> second < 0xa0;
            case 0xf0 -> second >= 0x90;
            case 0xf4 -> second < 0x90;
            default -> true;
        };
    }
}
