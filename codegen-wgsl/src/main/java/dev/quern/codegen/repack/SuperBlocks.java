package dev.quern.codegen.repack;

import java.nio.ByteBuffer;

/**
 * Encodings whose blocks have 256 elements, eight blocks of 32 each: scales and upper bits into the header, the quants
 * put into the order of the encodings that have blocks of 32.
 */
final class SuperBlocks {
    private static final int BLOCKS = 8;

    private SuperBlocks() {}

    /** q2_k: 16 bytes of scales and minima, 64 of quants, (d, dmin). */
    static void q2(ByteBuffer source, int from, TileRow row, int chunk, int index) {
        row.texel(chunk, source, from);
        row.word(chunk + 1, 0, source.getInt(from + 80));
        for (int block = 0; block < BLOCKS; block++) {
            BitOrder.pairs(source, from + 16 + 32 * (block / 4), 2 * (block % 4), row, chunk + 2, 2 * block);
        }
    }

    /** q3_k: 32 bytes of third bits, 64 of quants, 12 of scales, d. */
    static void q3(ByteBuffer source, int from, TileRow row, int chunk, int index) {
        row.bytes(chunk, source, from + 96, 14);
        for (int block = 0; block < BLOCKS; block++) {
            BitOrder.pairs(source, from + 32 + 32 * (block / 4), 2 * (block % 4), row, chunk + 1, 2 * block);
            row.word(chunk + 5, block, BitOrder.bits(source, from, block));
        }
    }

    /** q4_k: (d, dmin), 12 bytes of scales and minima, 128 of quants. */
    static void q4(ByteBuffer source, int from, TileRow row, int chunk, int index) {
        row.texel(chunk, source, from);
        for (int block = 0; block < BLOCKS; block++) {
            BitOrder.nibbles(source, from + 16 + 32 * (block / 2), 4 * (block % 2), row, chunk + 1 + block);
        }
    }

    /** q5_k: (d, dmin), 12 bytes of scales and minima, 32 of fifth bits, 128 of quants. */
    static void q5(ByteBuffer source, int from, TileRow row, int chunk, int index) {
        row.texel(chunk, source, from);
        for (int block = 0; block < BLOCKS; block++) {
            row.word(chunk + 1, block, BitOrder.bits(source, from + 16, block));
            BitOrder.nibbles(source, from + 48 + 32 * (block / 2), 4 * (block % 2), row, chunk + 3 + block);
        }
    }

    /** q6_k: 128 bytes of lower quants, 64 of upper ones, 16 of scales, d. */
    static void q6(ByteBuffer source, int from, TileRow row, int chunk, int index) {
        row.texel(chunk, source, from + 192);
        row.half(chunk + 1, 0, source.getShort(from + 208));
        for (int block = 0; block < BLOCKS; block++) {
            int half = block / 4;
            int quarter = block % 4;
            BitOrder.pairs(source, from + 128 + 32 * half, 2 * quarter, row, chunk + 2, 2 * block);
            int lower = from + 64 * half + 32 * (quarter % 2);
            BitOrder.nibbles(source, lower, 4 * (quarter / 2), row, chunk + 6 + block);
        }
    }

    /** iq4_xs: d, 2 bytes of upper scales, 4 of lower ones, 128 of quants. Two superblocks share a header. */
    static void iq4(ByteBuffer source, int from, TileRow row, int chunk, int index) {
        row.word(chunk, index / 4, source.getInt(from));
        row.word(chunk, index / 4 + 1, source.getInt(from + 4));
        for (int block = 0; block < BLOCKS; block++) {
            row.texel(chunk + 1 + index + block, source, from + 8 + 16 * block);
        }
    }
}
