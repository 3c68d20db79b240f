package dev.quern.codegen.repack;

import java.nio.ByteBuffer;

/**
 * The orders in which kernels want the bits of a block of 32 elements, built four elements at a time out of the
 * superblocks' own.
 *
 * <p>Element {@code i} is written as {@code 16 * half + 4 * part + place}. In every order the elements of one place
 * share a byte of a word, so that a kernel gets at four neighbours with one shift and one mask.
 */
final class BitOrder {
    private BitOrder() {}

    /**
     * Four bits each, of 32 bytes: one texel, in which the nibbles of byte {@code i} are those of elements {@code i}
     * and {@code 16 + i}.
     *
     * @param shift of the nibbles in the source's bytes: 0 or 4
     */
    static void nibbles(ByteBuffer source, int from, int shift, TileRow row, int texel) {
        for (int part = 0; part < 4; part++) {
            int low = (source.getInt(from + 4 * part) >>> shift) & 0x0f0f0f0f;
            int high = (source.getInt(from + 16 + 4 * part) >>> shift) & 0x0f0f0f0f;
            row.word(texel, part, low | (high << 4));
        }
    }

    /**
     * Two bits each, of 32 bytes: two words, one a half; bits {@code 2 * part} and the next of byte {@code place}.
     *
     * @param shift of the two bits in the source's bytes: 0, 2, 4 or 6
     * @param index of the first of the two words, counted from the texel
     */
    static void pairs(ByteBuffer source, int from, int shift, TileRow row, int texel, int index) {
        for (int half = 0; half < 2; half++) {
            int word = 0;
            for (int part = 0; part < 4; part++) {
                word |= ((source.getInt(from + 16 * half + 4 * part) >>> shift) & 0x03030303) << (2 * part);
            }
            row.word(texel, index + half, word);
        }
    }

    /**
     * One bit each, of 32 bytes: a word, bit {@code 4 * half + part} of byte {@code place}.
     *
     * @param shift of the bit in the source's bytes: 0 to 7
     */
    static int bits(ByteBuffer source, int from, int shift) {
        int word = 0;
        for (int part = 0; part < 8; part++) {
            word |= ((source.getInt(from + 4 * part) >>> shift) & 0x01010101) << part;
        }
        return word;
    }

    /** One bit each, of a word that has bit {@code i} for element {@code i}: as {@link #bits}. */
    static int bits(int word) {
        int bits = 0;
        for (int place = 0; place < 4; place++) {
            int spread = (word >>> place) & 0x11111111;
            spread = (spread | (spread >>> 3)) & 0x03030303;
            spread = (spread | (spread >>> 6)) & 0x000f000f;
            bits |= ((spread | (spread >>> 12)) & 0xff) << (8 * place);
        }
        return bits;
    }
}
