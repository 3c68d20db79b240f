package dev.quern.codegen;

import dev.quern.ir.Encoding;

/**
 * Where the bytes of a weight lie in its tiles, said once more: by the fields of the encodings' blocks and the formula of
 * {@link TileGeometry}, byte by byte, where {@link Repack} moves words.
 */
final class Unpack {
    private final TileGeometry geometry;

    Unpack(TileGeometry geometry) {
        this.geometry = geometry;
    }

    /** The index in the tiles of byte {@code at} of the weight. */
    int place(int at) {
        int rowBytes = Math.toIntExact(geometry.encoding().bytesOf(geometry.columns()));
        int row = at / rowBytes;
        int partRows = Math.toIntExact(geometry.rows() / geometry.parts());
        long tile = row / partRows * geometry.tilesOfPart() + row % partRows / TileGeometry.TILE_ROWS;
        int lane = row % partRows % TileGeometry.TILE_ROWS;
        int inRow = inRow(at % rowBytes);
        int texel = inRow / TileGeometry.TEXEL * TileGeometry.TILE_ROWS + lane;
        return Math.toIntExact(tile * geometry.tileBytes()) + texel * TileGeometry.TEXEL + inRow % TileGeometry.TEXEL;
    }

    /** The index among the bytes of the texels of one row. */
    private int inRow(int at) {
        return switch (geometry.encoding()) {
            case Encoding.Scalar scalar -> at;
            case Encoding.Block encoding -> {
                int block = at / encoding.bytes();
                int chunkTexels = geometry.header() + geometry.chunk() * geometry.quants();
                int chunkStart = block / geometry.chunk() * chunkTexels * TileGeometry.TEXEL;
                yield chunkStart + inChunk(encoding, block % geometry.chunk(), at % encoding.bytes());
            }
        };
    }

    private int inChunk(Encoding.Block encoding, int block, int at) {
        int scaleBytes = switch (encoding) {
            case Q4_0, Q5_0, Q8_0 -> 2;
            case Q4_1, Q5_1 -> 4;
            case Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4 ->
                throw new UnsupportedOperationException("not built: " + encoding);
        };
        int fifthBytes = switch (encoding) {
            case Q4_0, Q4_1, Q8_0 -> 0;
            case Q5_0, Q5_1 -> 4;
            case Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4 ->
                throw new UnsupportedOperationException("not built: " + encoding);
        };
        if (at < scaleBytes) {
            return block * scaleBytes + at;
        }
        if (at < scaleBytes + fifthBytes) {
            return TileGeometry.TEXEL + block * fifthBytes + at - scaleBytes;
        }
        int quants = geometry.header() + block * geometry.quants();
        return quants * TileGeometry.TEXEL + at - scaleBytes - fifthBytes;
    }
}
