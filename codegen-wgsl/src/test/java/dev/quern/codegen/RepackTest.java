package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.quern.codegen.repack.Repack;
import dev.quern.codegen.repack.Tile;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Encoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Tiles hold the bits of the weight, all of them, each once, and zeros otherwise. No device is needed. */
class RepackTest {

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void tilesHoldEveryBit(@ForAll("geometries") TileGeometry geometry, @ForAll Random random) {
        byte[] rows =
                new byte[Math.toIntExact(geometry.rows() * geometry.encoding().bytesOf(geometry.columns()))];
        random.nextBytes(rows);
        BitSet source = BitSet.valueOf(rows);
        BitSet tiles = BitSet.valueOf(DispatchRunner.tiled(geometry, ByteBuffer.wrap(rows)));
        BitSet used = new BitSet();
        Unpack unpack = new Unpack(geometry);
        for (int at = 0; at < 8 * rows.length; at++) {
            int place = unpack.place(at);
            if (used.get(place) || source.get(at) != tiles.get(place)) {
                fail("bit " + at + " is not at " + place + (used.get(place) ? ", where another is" : ""));
            }
            used.set(place);
        }
        tiles.andNot(used);
        assertEquals(new BitSet(), tiles, "padding that is not zero");
    }

    /** The rows may lie anywhere in a buffer of any order; the buffer stays as it is. */
    @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
    void rowsAreReadFromThePosition(@ForAll("geometries") TileGeometry geometry, @ForAll Random random) {
        int rowBytes = Math.toIntExact(geometry.encoding().bytesOf(geometry.columns()));
        byte[] rows = new byte[rowBytes * geometry.rowsOf(0)];
        random.nextBytes(rows);
        ByteBuffer moved = ByteBuffer.allocate(rows.length + 24)
                .order(ByteOrder.BIG_ENDIAN)
                .position(16)
                .put(rows)
                .position(16);
        Repack repack = new Repack(geometry);
        assertEquals(repack.tile(ByteBuffer.wrap(rows), 0), repack.tile(moved, 0));
        assertEquals(16, moved.position());
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void tilesCoverTheRowsInOrder(@ForAll("geometries") TileGeometry geometry) {
        long row = 0;
        for (long tile = 0; tile < geometry.tiles(); tile++) {
            assertEquals(row, geometry.firstRow(tile), "the first row of tile " + tile);
            assertTrue(geometry.rowsOf(tile) >= 1 && geometry.rowsOf(tile) <= Tile.ROWS);
            row += geometry.rowsOf(tile);
        }
        assertEquals(geometry.rows(), row);
        if (geometry.parts() == 2) {
            assertEquals(geometry.rows() / 2, geometry.firstRow(geometry.tiles() / 2), "where the second part begins");
        }
    }

    /** No bit of the quants is stored twice: what a tile takes beyond its rows is padding. */
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void bytesAreEnoughAndFew(@ForAll("geometries") TileGeometry geometry) {
        assertEquals(geometry.tiles() * geometry.tileBytes(), geometry.bytes());
        assertEquals(0, geometry.tileBytes() % (Tile.ROWS * Tile.TEXEL));
        long whole = geometry.blocks() * Tile.BLOCK;
        long rowBytes = geometry.encoding().bytesOf(whole);
        long perRow = geometry.tileBytes() / Tile.ROWS;
        assertTrue(perRow >= rowBytes, perRow + " bytes a row do not hold " + rowBytes);
        assertTrue(perRow <= rowBytes + (long) geometry.header() * Tile.TEXEL, perRow + " for " + rowBytes);
    }

    @Example
    void partsDivideTheRows() {
        assertThrows(IllegalArgumentException.class, () -> new TileGeometry(Encoding.Block.Q4_0, 7, 32, 2));
    }

    @Provide
    static Arbitrary<TileGeometry> geometries() {
        return Combinators.combine(
                        Arbitraries.of(Encodings.ALL),
                        Arbitraries.integers().between(1, 30),
                        Arbitraries.integers().between(1, 20),
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.of(1, 2))
                .as((encoding, rows, blocks, quarters, parts) -> new TileGeometry(
                        encoding, (long) rows * parts, Encodings.columns(encoding, blocks, quarters), parts));
    }
}
