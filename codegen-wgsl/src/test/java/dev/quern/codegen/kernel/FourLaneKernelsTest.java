package dev.quern.codegen.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Encoding;
import org.junit.jupiter.api.Test;

/** How work is divided among workgroups of four lanes. */
class FourLaneKernelsTest {
    private static TileGeometry tiles(int tiles) {
        return new TileGeometry(Encoding.Block.Q8_0, 8L * tiles, 32, 1);
    }

    /** As many tiles as leave twelve workgroups; four where there are few. */
    @Test
    void workgroupsAreLargeWhereThereAreEnoughOfThem() {
        int[][] expected = {{1, 4}, {71, 4}, {72, 6}, {95, 6}, {96, 8}, {191, 8}, {192, 16}, {5000, 16}};
        for (int[] each : expected) {
            assertEquals(each[1], FourLaneKernels.tilesOfGroup(tiles(each[0])), each[0] + " tiles");
        }
    }

    @Test
    void everyTileHasAWorkgroupAndNoWorkgroupIsIdle() {
        for (int count = 1; count < 400; count++) {
            TileGeometry geometry = tiles(count);
            long groups = FourLaneKernels.groups(geometry);
            int tiles = FourLaneKernels.tilesOfGroup(geometry);
            assertTrue(groups * tiles >= count && (groups - 1) * tiles < count, count + " tiles");
        }
        assertEquals(
                FourLaneKernels.groups(tiles(30)),
                FourLaneKernels.groups(new TileGeometry(Encoding.Block.Q8_0, 240, 32, 2)),
                "gate and up together");
    }

    /** Query heads that share their keys, divided evenly among workgroups that serve four of them at most. */
    @Test
    void headsAreServedUpToFourAtATime() {
        int[] together = {1, 2, 3, 4, 3, 3, 4, 4, 3, 4, 4, 4};
        for (int group = 1; group <= together.length; group++) {
            assertEquals(together[group - 1], FourLaneKernels.headsTogether(group), group + " heads");
            assertEquals(Math.ceilDiv(group, 4) * 5L, FourLaneKernels.attentionGroups(5 * group, 5));
        }
    }

    @Test
    void whatKernelsDoNotHaveIsNotMadeUp() {
        KernelDefinition kernel = FourLaneKernels.matrix(tiles(12), Float.NaN, Finish.STORE, 1);
        assertEquals(96, kernel.whole("ROWS"));
        assertEquals(4, kernel.whole("GROUP_TILES"));
        assertThrows(IllegalArgumentException.class, () -> kernel.whole("EPSILON"));
        assertEquals(
                "no kernel keeps states as bf16",
                assertThrows(IllegalArgumentException.class, () -> StateFormat.of(Encoding.Scalar.BF16))
                        .getMessage());
        assertTrue(Kernels.keeps(Encoding.Scalar.F16) && Kernels.keeps(Encoding.Scalar.F32));
        assertTrue(!Kernels.keeps(Encoding.Scalar.BF16) && !Kernels.keeps(Encoding.Block.Q8_0));
    }
}
