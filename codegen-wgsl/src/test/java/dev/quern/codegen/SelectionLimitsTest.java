package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.codegen.lowering.SelectionException;
import dev.quern.ir.Module;
import dev.quern.ir.text.read.Reader;
import dev.quern.plan.DeviceProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a profile's kernels take to the last, and one step more. No device is needed. */
class SelectionLimitsTest {
    private static final String ATTENTION = """
        module "m" at tensor

        func @f(%q: f32[1, 16], %qkv: f32[1, 48], %p: u32[1], %keys: state<f16[64, 16]>, %values: state<f16[64, 16]>) -> f32[1, 16] {
          %y = attention %q, %keys, %values, %p {heads = 2, key_value_heads = 2, scale = 0.35} : f32[1, 16]
          return %y
        }
        """;

    private static final String WRITE = ATTENTION.replace(
            "%y = attention %q, %keys, %values, %p {heads = 2, key_value_heads = 2, scale = 0.35} : f32[1, 16]",
            "%y, %k, %v = place_heads %qkv, %p, %keys, %values {heads = 2, key_value_heads = 2, key_start = 16,"
                    + " value_start = 32, head_size = 8, rotary = 8, base = 10000.0, scale = 1.0, pairing = halves} : f32[1, 16], state<f16[64, 16]>, state<f16[64,"
                    + " 16]>");

    private static final String PRODUCT = """
        module "m" at tensor
        weight @w : f32[ROWS, COLUMNS] {from = ["w"]}

        func @f(%x: f32[1, COLUMNS]) -> f32[1, ROWS] {
          %y = matmul %x, @w : f32[1, ROWS]
          return %y
        }
        """;

    @Test
    void keysAndValuesAreHalvesWhoeverReadsOrWritesThem() {
        for (String text : List.of(ATTENTION, WRITE)) {
            for (DeviceProfile profile : DeviceProfile.ALL) {
                select(text, profile);
                for (String state : List.of("keys", "values")) {
                    String found = "%" + state + ": state<f16[64, 16]>";
                    String changed = text.replace(found, found.replace("f16", "bf16"));
                    // The result has the type of what was overwritten.
                    String typed = changed.contains("place_heads")
                            ? changed.replace(
                                    "f32[1, 16], state<f16[64, 16]>, state<f16[64, 16]>",
                                    state.equals("keys")
                                            ? "f32[1, 16], state<bf16[64, 16]>, state<f16[64, 16]>"
                                            : "f32[1, 16], state<f16[64, 16]>, state<bf16[64, 16]>")
                            : changed;
                    SelectionException refused = assertThrows(SelectionException.class, () -> select(typed, profile));
                    assertTrue(
                            String.valueOf(refused.getMessage()).contains("%" + state + " is state<bf16"),
                            refused.getMessage());
                }
            }
        }
    }

    /** llvmpipe ends loops of more rounds than this without a word; other profiles have no such bound. */
    @Test
    void aContextOfLanesHas65000Positions() {
        String longest = ATTENTION.replace("[64, 16]", "[65000, 16]");
        String longer = ATTENTION.replace("[64, 16]", "[65001, 16]");
        for (DeviceProfile profile : DeviceProfile.ALL) {
            select(longest, profile);
            if (profile.shape() == DeviceProfile.Shape.LANE_PER_ROW) {
                SelectionException refused = assertThrows(SelectionException.class, () -> select(longer, profile));
                assertTrue(
                        String.valueOf(refused.getMessage()).startsWith("A context of 65001 positions was asked for"),
                        refused.getMessage());
            } else {
                select(longer, profile);
            }
        }
    }

    /** A buffer binds 128 MiB: 524,288 rows of 64 floats, in tiles of eight. A texture holds 8192 rows of 64 KiB. */
    @Test
    void aWeightIsBoundAsAWhole() {
        select(product(524_288, 64), DeviceProfile.PORTABLE);
        SelectionException refused =
                assertThrows(SelectionException.class, () -> select(product(524_296, 64), DeviceProfile.PORTABLE));
        assertTrue(
                String.valueOf(refused.getMessage())
                        .startsWith("The weight @w takes " + ((128L << 20) + 2048) + " bytes"),
                refused.getMessage());
        for (DeviceProfile profile : List.of(DeviceProfile.CPU_VULKAN, DeviceProfile.CPU_SWIFTSHADER)) {
            select(product(1_048_576, 128), profile);
            assertThrows(SelectionException.class, () -> select(product(1_048_584, 128), profile));
        }
    }

    /** A workgroup of lanes finishes 32 rows, and there are 65,535 along an axis. */
    @Test
    void aGridHasAsManyWorkgroupsAsAnAxisHolds() {
        select(product(65_535 * 32, 4), DeviceProfile.CPU_VULKAN);
        SelectionException refused = assertThrows(
                SelectionException.class, () -> select(product(65_535 * 32 + 1, 4), DeviceProfile.CPU_VULKAN));
        assertTrue(String.valueOf(refused.getMessage()).contains(" wants 65536 workgroups"), refused.getMessage());
    }

    private static String product(int rows, int columns) {
        return PRODUCT.replace("ROWS", Integer.toString(rows)).replace("COLUMNS", Integer.toString(columns));
    }

    @Test
    void aProductOfTwoActivationsHasNoKernel() {
        SelectionException refused = assertThrows(SelectionException.class, () -> select("""
            module "m" at tensor

            func @f(%x: f32[1, 64], %z: f32[8, 64]) -> f32[1, 8] {
              %y = matmul %x, %z : f32[1, 8]
              return %y
            }
            """, DeviceProfile.PORTABLE));
        assertEquals(
                "%z is not a weight of the module, and the kernels for products of two activations do not exist.",
                refused.getMessage());
    }

    private static Module select(String text, DeviceProfile profile) {
        return SelectKernels.select(Reader.readVerified("m.qir", text), profile).module();
    }
}
