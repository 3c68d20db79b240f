package dev.quern.codegen.lowering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.ir.Encoding;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.plan.DeviceProfile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How work is divided among workgroups of four lanes. */
class FourLanesTest {
    private static List<Variant> product(int rows, boolean gated) {
        Value x = Value.local("x", TensorType.of(Encoding.Scalar.F32, 1, 32));
        Weight weight = new Weight("w", TensorType.of(Encoding.Block.Q8_0, rows, 32), List.of("w"));
        Module module = new Module("m", Stage.TENSOR, List.of(), List.of(weight), List.of());
        return Lowerings.variants(
                new Linear(x, Optional.empty(), weight.value(), gated ? 2 : 1, Linear.PLAIN),
                Setting.of(module, DeviceProfile.CPU_SWIFTSHADER));
    }

    private static long tiles(Variant variant) {
        assertEquals(
                KernelInstance.of("matvec.four")
                        .with("tiles", variant.definition().whole("GROUP_TILES"))
                        .with("tokens", 1),
                variant.kernel());
        return variant.definition().whole("GROUP_TILES");
    }

    private static long groups(Variant variant) {
        return variant.grid().axes().getFirst().max();
    }

    /** As many tiles as leave twelve workgroups; four where there are few. */
    @Test
    void workgroupsAreLargeWhereThereAreEnoughOfThem() {
        int[][] expected = {{1, 4}, {71, 4}, {72, 6}, {95, 6}, {96, 8}, {191, 8}, {192, 16}, {5000, 16}};
        for (int[] each : expected) {
            List<Variant> variants = product(8 * each[0], false);
            assertEquals(each[1], tiles(variants.getFirst()), each[0] + " tiles");
            assertEquals(
                    List.of(4L, 6L, 8L, 16L),
                    variants.stream().map(FourLanesTest::tiles).sorted().toList(),
                    "the others can be asked for");
        }
    }

    @Test
    void everyTileHasAWorkgroupAndNoWorkgroupIsIdle() {
        for (int count = 1; count < 400; count++) {
            for (Variant variant : product(8 * count, false)) {
                long groups = groups(variant);
                long tiles = tiles(variant);
                assertTrue(groups * tiles >= count && (groups - 1) * tiles < count, count + " tiles");
            }
        }
        assertEquals(
                groups(product(240, false).getFirst()),
                groups(product(240, true).getFirst()),
                "gate and up together");
    }

    /** Query heads that share their keys, divided evenly among workgroups that serve four of them at most. */
    @Test
    void headsAreServedUpToFourAtATime() {
        int[] together = {1, 2, 3, 4, 3, 3, 4, 4, 3, 4, 4, 4};
        for (int group = 1; group <= together.length; group++) {
            Variant variant = attention(5 * group, Encoding.Scalar.F16);
            assertEquals(
                    KernelInstance.of("attention.four").with("heads", together[group - 1]),
                    variant.kernel(),
                    group + " heads");
            assertEquals(Math.ceilDiv(group, 4) * 5L, groups(variant));
        }
    }

    private static Variant attention(int heads, Encoding kept) {
        Value position = Value.local("position", TensorType.of(Encoding.Scalar.U32, 1));
        Value state = Value.local("state", new StateType(TensorType.of(kept, 16, 5 * 8)));
        Value query = Value.local("query", TensorType.of(Encoding.Scalar.F32, 1, heads * 8L));
        Module module = new Module("m", Stage.TENSOR, List.of(), List.of(), List.of());
        return Lowerings.variants(
                        new TensorOp.Attention(query, state, state, position, heads, 5, 1),
                        Setting.of(module, DeviceProfile.CPU_SWIFTSHADER))
                .getFirst();
    }

    @Test
    void whatKernelsDoNotHaveIsNotMadeUp() {
        KernelDefinition kernel = product(96, false).getFirst().definition();
        assertEquals(96, kernel.whole("ROWS"));
        assertEquals(4, kernel.whole("GROUP_TILES"));
        assertThrows(IllegalArgumentException.class, () -> kernel.whole("EPSILON"));
        assertEquals(
                "no kernel keeps states as bf16",
                assertThrows(IllegalArgumentException.class, () -> StateFormat.of(Encoding.Scalar.BF16))
                        .getMessage());
        for (Encoding kept : List.of(Encoding.Scalar.F16, Encoding.Scalar.F32)) {
            assertTrue(attention(5, kept).definition().name().startsWith("attention_four_" + kept.text() + "_5_5_8_"));
        }
        for (Encoding kept : List.of(Encoding.Scalar.BF16, Encoding.Block.Q8_0)) {
            assertThrows(SelectionException.class, () -> attention(5, kept));
        }
    }
}
