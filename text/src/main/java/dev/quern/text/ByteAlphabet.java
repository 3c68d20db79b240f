package dev.quern.text;

import java.util.Arrays;

/**
 * The alphabet of byte-level vocabularies: each of the 256 bytes is one printable character. Bytes that Latin-1 prints
 * stand for themselves; the other 68, in ascending order, are U+0100, U+0101 and so on.
 */
final class ByteAlphabet {
    private static final char[] CHARACTERS = characters();
    private static final short[] BYTES = bytes();

    private ByteAlphabet() {}

    /** The character of a byte from 0 to 255. */
    static char character(int value) {
        return CHARACTERS[value];
    }

    /** The byte of a character, or -1 if the alphabet does not have it. */
    static int byteOf(char character) {
        return character < BYTES.length ? BYTES[character] : -1;
    }

    private static char[] characters() {
        char[] characters = new char[256];
        int further = 0x100;
        for (int value = 0; value < 256; value++) {
            boolean prints = (value >= 0x21 && value <= 0x7E) || (value >= 0xA1 && value != 0xAD);
            characters[value] = (char) (prints ? value : further++);
        }
        return characters;
    }

    private static short[] bytes() {
        short[] bytes = new short[0x200];
        Arrays.fill(bytes, (short) -1);
        for (int value = 0; value < 256; value++) {
            bytes[CHARACTERS[value]] = (short) value;
        }
        return bytes;
    }
}
