package dev.quern.codegen.repack;

import java.nio.ByteBuffer;

/** Encodings whose blocks have 32 elements: scales into the header, quants behind it. */
final class Blocks {
    private Blocks() {}

    /** q4_0, iq4_nl: d, quants. */
    static void scaleAndNibbles(ByteBuffer source, int from, TileRow row, int chunk, int index) {
        row.half(chunk, index, source.getShort(from));
        row.texel(chunk + 1 + index, source, from + 2);
    }

    /** q4_1: (d, m), quants. */
    static void scaleMinimumAndNibbles(ByteBuffer source, int from, TileRow row, int chunk, int index) {
        row.word(chunk, index, source.getInt(from));
        row.texel(chunk + 1 + index, source, from + 4);
    }

    /** q5_0: d, fifth bits, quants. */
    static void scaleAndFives(ByteBuffer source, int from, TileRow row, int chunk, int index) {
        row.half(chunk, index, source.getShort(from));
        row.word(chunk + 1, index, BitOrder.bits(source.getInt(from + 2)));
        row.texel(chunk + 3 + index, source, from + 6);
    }

    /** q5_1: (d, m), fifth bits, quants. */
    static void scaleMinimumAndFives(ByteBuffer source, int from, TileRow row, int chunk, int index) {
        row.word(chunk, index, source.getInt(from));
        row.word(chunk + 1, index, BitOrder.bits(source.getInt(from + 4)));
        row.texel(chunk + 2 + index, source, from + 8);
    }

    /** q8_0: d, quants. */
    static void scaleAndBytes(ByteBuffer source, int from, TileRow row, int chunk, int index) {
        row.half(chunk, index, source.getShort(from));
        row.texel(chunk + 1 + 2 * index, source, from + 2);
        row.texel(chunk + 2 + 2 * index, source, from + 18);
    }

    /** mxfp4: exponent, codes. */
    static void exponentAndNibbles(ByteBuffer source, int from, TileRow row, int chunk, int index) {
        row.octet(chunk, index, source.get(from));
        row.texel(chunk + 1 + index, source, from + 1);
    }
}
