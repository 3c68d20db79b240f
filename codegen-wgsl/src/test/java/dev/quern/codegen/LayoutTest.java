package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.codegen.lowering.Placements;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.MemoryCertificate;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Where things lie: rows in tiles, values in arenas, angles in tables. */
class LayoutTest {

    /** The tiles of a weight hold each of its rows once, those of gate and up apart. */
    @Property(tries = 100)
    void tilesHoldEveryRowOnce(
            @ForAll @IntRange(min = 1, max = 70) int half, @ForAll @IntRange(min = 1, max = 2) int parts) {
        int rows = half * parts;
        TileGeometry geometry = new TileGeometry(Encoding.Block.Q4_0, rows, 64, parts);
        int[] held = new int[rows];
        for (long tile = 0; tile < geometry.tiles(); tile++) {
            int count = geometry.rowsOf(tile);
            assertTrue(count >= 1 && count <= 8);
            for (int row = 0; row < count; row++) {
                int at = Math.toIntExact(geometry.firstRow(tile) + row);
                held[at]++;
                assertEquals(tile / geometry.tilesOfPart(), at / half, "no tile spans both parts");
            }
        }
        assertTrue(Arrays.stream(held).allMatch(count -> count == 1), Arrays.toString(held));
        assertEquals(geometry.tiles() * geometry.tileBytes(), geometry.bytes());
    }

    /**
     * Of Q4_1, 32 columns are 20 bytes; eight rows of 3 blocks and their header of four bytes a block, in chunks of
     * four.
     */
    @Test
    void aTileIsAsLargeAsItsTexels() {
        TileGeometry geometry = new TileGeometry(Encoding.Block.Q4_1, 12, 96, 1);
        assertEquals(3, geometry.blocks());
        assertEquals(8 * (geometry.header() + 3L * geometry.quants()), geometry.tileTexels());
        assertEquals(16 * geometry.tileTexels(), geometry.tileBytes());
        assertEquals(2, geometry.tiles());
        TileGeometry floats = new TileGeometry(Encoding.Scalar.F32, 8, 36, 1);
        assertEquals(2, floats.blocks(), "floats are cut into blocks too");
        assertThrows(IllegalArgumentException.class, () -> new TileGeometry(Encoding.Block.Q4_1, 7, 96, 2));
    }

    @Test
    void aValueLiesInTheLastArenaThatBeginsBeforeIt() {
        Value x = Value.local("x", TensorType.of(Encoding.Scalar.F32, 2, 2));
        Value y = Value.local("y", x.type());
        Function function = new Function("f", List.of(x), List.of(), List.of(y));
        ArenaLayout layout = new ArenaLayout(
                Map.of("f", Map.of("x", 512L)), List.of(0L, 256L, 1024L), new MemoryCertificate(1536, 1536, List.of()));
        assertEquals(512, layout.offset(function, x));
        assertEquals(
                "the memory plan has no place for %y of @f",
                assertThrows(IllegalArgumentException.class, () -> layout.offset(function, y))
                        .getMessage());
        Function other = new Function("g", List.of(), List.of(), List.of());
        assertThrows(IllegalArgumentException.class, () -> layout.offset(other, x));
        assertEquals(
                List.of(0, 0, 1, 1, 2, 2),
                List.of(0L, 255L, 256L, 1023L, 1024L, 9999L).stream()
                        .map(layout::arenaOf)
                        .toList());
        assertEquals(
                List.of(256L, 768L, 512L),
                List.of(0, 1, 2).stream().map(layout::bytesOf).toList());
        assertEquals(Set.of(x, y), ArenaLayout.external(function));
        assertEquals(Set.of(), ArenaLayout.external(other));
    }

    /** Angles at the positions and pairs of a table, by the formula of {@link Rotation}. */
    @Test
    void aTableHoldsCosineAndSineOfEveryPair() {
        Weight weight = new Weight(
                "table",
                TensorType.of(Encoding.Scalar.F32, 10, 6),
                new Weight.Source.Rotations(100, 0.5f, Optional.empty(), 1, Optional.empty()),
                Optional.empty());
        RopeTable table = RopeTable.of(weight).orElseThrow();
        assertEquals(Optional.empty(), RopeTable.of(new Weight("w", weight.type(), List.of("w"))));
        assertEquals(10 * 6 * 4, table.bytes());
        float[] factors = {1, 2, 4};
        for (float[] given : List.of(new float[0], factors)) {
            ByteBuffer rows = table.rows(3, 2, given);
            assertEquals(2 * 6 * 4, rows.remaining());
            List<Float> expected = new ArrayList<>();
            for (int position = 3; position < 5; position++) {
                for (int pair = 0; pair < 3; pair++) {
                    double angle =
                            position * 0.5 * Math.pow(100, -2.0 * pair / 6) / (given.length == 0 ? 1 : given[pair]);
                    expected.add((float) Math.cos(angle));
                    expected.add((float) Math.sin(angle));
                }
            }
            for (float value : expected) {
                assertEquals(value, rows.getFloat(), 1e-7);
            }
        }
    }

    @Test
    void theTwoWordsForAPlaceMeanTheSame() {
        for (dev.quern.plan.Placement placement : dev.quern.plan.Placement.values()) {
            assertEquals(placement, Placements.inPlan(Placements.inModule(placement)));
            assertEquals(placement.name(), Placements.inModule(placement).name());
        }
        assertEquals(3, DeviceProfile.ALL.size());
    }
}
