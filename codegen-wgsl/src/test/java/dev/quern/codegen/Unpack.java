package dev.quern.codegen;

import dev.quern.codegen.repack.Tile;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Encoding;

/**
 * Where the bits of a weight lie in its tiles, said once more: bit by bit, from what a bit of the encoding's block
 * means, where {@code repack} moves words.
 */
final class Unpack {
    private static final int TEXEL_BITS = 8 * Tile.TEXEL;

    private final TileGeometry geometry;
    private final long rowBits;

    Unpack(TileGeometry geometry) {
        this.geometry = geometry;
        this.rowBits = 8 * geometry.encoding().bytesOf(geometry.columns());
    }

    /** The place in the tiles of bit {@code at} of the weight. */
    int place(int at) {
        int row = Math.toIntExact(at / rowBits);
        int partRows = Math.toIntExact(geometry.rows() / geometry.parts());
        long tile = row / partRows * geometry.tilesOfPart() + row % partRows / Tile.ROWS;
        int lane = row % partRows % Tile.ROWS;
        int inRow = inRow(Math.toIntExact(at % rowBits));
        int texel = inRow / TEXEL_BITS * Tile.ROWS + lane;
        return Math.toIntExact(8L * tile * geometry.tileBytes()) + texel * TEXEL_BITS + inRow % TEXEL_BITS;
    }

    /** The place among the texels of one row. */
    private int inRow(int at) {
        return switch (geometry.encoding()) {
            case Encoding.Scalar scalar -> at;
            case Encoding.Block encoding -> {
                int blockBits = 8 * encoding.bytes();
                int step = at / blockBits * (encoding.elements() / Tile.BLOCK);
                int chunkTexels = geometry.header() + geometry.chunk() * geometry.quants();
                int chunkStart = step / geometry.chunk() * chunkTexels * TEXEL_BITS;
                yield chunkStart + inChunk(encoding, step % geometry.chunk(), at % blockBits / 8, at % 8);
            }
        };
    }

    /**
     * The place in a chunk of bit {@code bit} of byte {@code at} of the block that begins with the chunk's block
     * {@code step}.
     */
    private int inChunk(Encoding.Block encoding, int step, int at, int bit) {
        return switch (encoding) {
            case Q4_0, IQ4_NL -> at < 2 ? place(0, 2 * step + at, bit) : place(1 + step, at - 2, bit);
            case Q4_1 -> at < 4 ? place(0, 4 * step + at, bit) : place(1 + step, at - 4, bit);
            case Q8_0 -> at < 2 ? place(0, 2 * step + at, bit) : place(1 + 2 * step, at - 2, bit);
            case MXFP4 -> at < 1 ? place(0, step, bit) : place(1 + step, at - 1, bit);
            case Q5_0 -> {
                if (at < 2) {
                    yield place(0, 2 * step + at, bit);
                }
                yield at < 6 ? single(1, step, 8 * (at - 2) + bit) : place(3 + step, at - 6, bit);
            }
            case Q5_1 -> {
                if (at < 4) {
                    yield place(0, 4 * step + at, bit);
                }
                yield at < 8 ? single(1, step, 8 * (at - 4) + bit) : place(2 + step, at - 8, bit);
            }
            case Q2_K -> {
                if (at < 16) {
                    yield place(0, at, bit);
                }
                yield at < 80 ? pair(2, at - 16, bit) : place(1, at - 80, bit);
            }
            case Q3_K -> {
                if (at < 32) {
                    yield single(5, bit, at);
                }
                if (at < 96) {
                    yield pair(1, at - 32, bit);
                }
                yield place(0, at - 96, bit);
            }
            case Q4_K -> at < 16 ? place(0, at, bit) : nibble(1, (at - 16) / 32 * 2 + bit / 4, (at - 16) % 32, bit);
            case Q5_K -> {
                if (at < 16) {
                    yield place(0, at, bit);
                }
                yield at < 48 ? single(1, bit, at - 16) : nibble(3, (at - 48) / 32 * 2 + bit / 4, (at - 48) % 32, bit);
            }
            case Q6_K -> {
                if (at < 128) {
                    yield nibble(6, at / 64 * 4 + bit / 4 * 2 + at % 64 / 32, at % 32, bit);
                }
                if (at < 192) {
                    yield pair(2, at - 128, bit);
                }
                yield at < 208 ? place(0, at - 192, bit) : place(1, at - 208, bit);
            }
            case IQ4_XS -> at < 8 ? place(0, step + at, bit) : place(1 + step, at - 8, bit);
        };
    }

    /** Bit {@code bit % 4} of the quant of an element of a block: nibbles of texel {@code texel + block}. */
    private static int nibble(int texel, int block, int element, int bit) {
        return place(texel + block, element % 16, element / 16 * 4 + bit % 4);
    }

    /**
     * Bit {@code bit} of byte {@code at} of the 64 in which superblocks keep two bits of every element: those of four
     * blocks in a byte, the first four blocks in the first half. A word is half a block.
     */
    private static int pair(int texel, int at, int bit) {
        int element = at % 32;
        int word = 2 * (at / 32 * 4 + bit / 2) + element / 16;
        return place(texel, 4 * word + element % 4, 2 * (element % 16 / 4) + bit % 2);
    }

    /** The one bit that an element of a block keeps in word {@code block}. */
    private static int single(int texel, int block, int element) {
        return place(texel, 4 * block + element % 4, element / 4);
    }

    /** Bit {@code bit} of byte {@code at}, counted from a texel. */
    private static int place(int texel, int at, int bit) {
        return texel * TEXEL_BITS + 8 * at + bit;
    }
}
