package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Encoding;
import dev.quern.ir.Rotation;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.Value;
import dev.quern.ir.text.Expressions;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.DeviceProfile.Shape;
import dev.quern.plan.Kernel;
import dev.quern.reference.SideBySide;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is told of a choice is what was chosen: every number, file and name in the sentences is looked up in the kernel.
 */
class WhyTest {
    private static final Pattern FILE = Pattern.compile("([a-z0-9_/]+)\\.wgsl");
    private final Random random = new Random(3);

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void whatIsToldOfProductsIsSo(int tokens) {
        for (DeviceProfile profile : DeviceProfile.ALL) {
            for (Encoding encoding : Encodings.ALL) {
                for (Finishes finish : Finishes.values()) {
                    product(profile, encoding, tokens, 256, false, finish);
                    product(profile, encoding, tokens, 256, true, finish);
                }
            }
            // An input of more bytes than a uniform holds.
            product(profile, Encoding.Block.Q8_0, tokens, 16_384 / tokens, false, Finishes.STORE);
            product(profile, Encoding.Block.Q8_0, tokens, 16_384 / tokens + 32, false, Finishes.STORE);
        }
    }

    private void product(
            DeviceProfile profile, Encoding encoding, int tokens, int columns, boolean normed, Finishes finish) {
        Program program = new Program(tokens, tokens);
        Value x = program.input("x", random, columns);
        Value weight = program.weight("weight", random, encoding, 80, columns);
        int rows = 80 / finish.parts();
        Value residual = finish.adds() ? program.input("residual", random, rows) : x;
        Value bias = finish.biases() ? program.vector("bias", Program.gaussian(random, rows)) : weight;
        program.result(new Linear(
                x,
                normed
                        ? Optional.of(new Linear.Norm(program.vector("gain", Program.gaussian(random, columns)), 1e-5f))
                        : Optional.empty(),
                weight,
                finish.parts(),
                finish.of(residual, bias)));
        Selection selection = SelectKernels.select(program.module(), profile);
        KernelDefinition kernel = selection.kernels().getFirst();
        Dispatch dispatch = (Dispatch)
                selection.module().functions().getFirst().body().getFirst().op();
        Selection.Choice choice = selection.choices().getFirst();
        assertEquals(kernel.name(), choice.kernel());
        String told = String.join("\n", choice.reasons());
        complete(choice.reasons());
        contains(told, "The profile " + profile.name() + " ", true);
        contains(told, dispatch.grid().axes().getFirst().max() + " workgroups: ", true);
        contains(told, "@gain", normed);
        contains(told, "%residual", finish.adds());
        contains(told, "Writes over %residual", finish.adds());
        contains(told, "@bias", finish.biases());
        contains(told, Expressions.print(finish.of(residual, bias)), finish != Finishes.STORE);
        contains(told, "first part", finish.parts() == 2);
        boolean many = tokens > 1 && profile.shape() != Shape.WORKGROUP;
        contains(told, "up to " + tokens + " tokens", many);
        contains(told, ", 8 tokens a workgroup", many && profile.shape() == Shape.LANE_PER_ROW);
        contains(told, ", 4 a workgroup", many && profile.shape() == Shape.FOUR_LANES);
        contains(told, "there is one token", tokens == 1 && profile.shape() != Shape.WORKGROUP);
        long bytes = 4L * tokens * columns;
        boolean uniform = kernel.slots().stream()
                .anyMatch(slot -> slot.name().equals("x") && slot.access() == Kernel.Access.UNIFORM);
        assertEquals(profile.shape() == Shape.LANE_PER_ROW && bytes <= 65_536, uniform);
        contains(told, "as a uniform: its " + bytes + " bytes fit (at most 65536)", uniform);
        contains(
                told,
                "as storage: its " + bytes + " bytes are more than the 65536",
                profile.shape() == Shape.LANE_PER_ROW && !uniform);
        contains(told, "bound as storage", !uniform);
        contains(told, "for a GPU", profile.shape() == Shape.WORKGROUP);
        contains(told, " handed round", profile.shape() == Shape.FOUR_LANES);
        contains(
                told,
                "subgroups of " + profile.subgroupSize() + ".",
                kernel.features().contains(Kernel.Feature.SUBGROUPS));
        contains(told, " " + encoding.text() + " ", true);
        Matcher files = FILE.matcher(told);
        while (files.find()) {
            assertTrue(kernel.files().contains(files.group(1)), told);
        }
        boolean asTheyLie = kernel.files().contains("four/" + encoding.text());
        contains(told, "four/" + encoding.text() + ".wgsl", asTheyLie);
        contains(told, "Decodes " + encoding.text(), !asTheyLie);
        contains(
                told,
                "codec/" + encoding.text() + ".wgsl",
                !asTheyLie && kernel.files().contains("codec/" + encoding.text()));
        contains(told, "as they are", kernel.files().contains("four/decoded"));

        TileGeometry geometry = selection.geometries().get("weight");
        if (geometry == null) {
            throw new AssertionError("the weight has no tiles");
        }
        String stored = String.valueOf(selection.storageReasons().get("weight"));
        contains(stored, geometry.tiles() + " tiles of " + geometry.tileBytes() + " bytes", true);
        contains(
                stored,
                "chunks of " + geometry.chunk() + " blocks with " + geometry.header() + " header and "
                        + geometry.quants() + " quant texels",
                true);
        contains(stored, "its parts are tiled apart", finish.parts() == 2);
        contains(stored, profile.name(), true);
        contains(stored, "texture", profile.shape() != Shape.WORKGROUP);
        contains(stored, "sampled", profile.shape() == Shape.FOUR_LANES);
        if (normed) {
            contains(String.valueOf(selection.storageReasons().get("gain")), ": " + 4 * columns + " bytes", true);
        }
    }

    @Test
    void whatIsToldOfAllElseIsSo() {
        for (DeviceProfile profile : DeviceProfile.ALL) {
            Program program = new Program(1, 1);
            Value keys = program.state("keys", random, Encoding.Scalar.F16, 48, 0, 32);
            Value values = program.state("values", random, Encoding.Scalar.F16, 48, 0, 32);
            Value table = program.weight("table", random, Encoding.Block.Q4_K, 24, 256);
            Value position = program.position(0);
            Rotation rotation = new Rotation(16, 16, 10_000, 1, Rotation.Pairing.HALVES);
            program.result(new TensorOp.Embed(program.tokens(3), table));
            program.results(
                    "q k v",
                    SideBySide.heads(
                            program.input("qkv", random, 160),
                            position,
                            Optional.empty(),
                            keys,
                            values,
                            6,
                            2,
                            rotation));
            program.result(
                    new TensorOp.Attention(program.input("query", random, 96), keys, values, position, 6, 2, 0.25f));
            program.result(new TensorOp.ArgMax(program.input("logits", random, 24)));
            program.result(TensorOp.Map.scaled(2, program.input("x", random, 24)));
            Selection selection = SelectKernels.select(program.module(), profile);
            List<Selection.Choice> choices = selection.choices();
            choices.forEach(choice -> complete(choice.reasons()));
            contains(told(choices.get(0)), " q4_k.", true);
            contains(told(choices.get(1)), "@rope_table", true);
            String attention = told(choices.get(2));
            Dispatch dispatch = (Dispatch)
                    selection.module().functions().getFirst().body().get(2).op();
            long groups = dispatch.grid().axes().getFirst().max();
            contains(attention, " one of " + groups + (profile.shape() == Shape.FOUR_LANES ? "," : " "), true);
            contains(attention, "its 3 query heads", profile.shape() == Shape.LANE_PER_ROW);
            contains(attention, profile.lanes() + " positions at a time", profile.shape() == Shape.WORKGROUP);
            contains(attention, "subgroups of " + profile.subgroupSize(), profile.shape() == Shape.LANE_PER_ROW);
            contains(told(choices.get(3)), "largest logit", true);
            contains(told(choices.get(4)), "workgroup of " + profile.lanes() + " lanes a row", true);
            contains(String.valueOf(selection.storageReasons().get("rope_table")), "for 48 positions", true);
        }
    }

    private static String told(Selection.Choice choice) {
        return String.join("\n", choice.reasons());
    }

    private static void complete(List<String> reasons) {
        assertFalse(reasons.isEmpty());
        for (String reason : reasons) {
            assertTrue(reason.endsWith(".") && reason.length() > 20, reason);
        }
    }

    private static void contains(String text, String part, boolean expected) {
        assertEquals(expected, text.contains(part), part + "\nin\n" + text);
    }
}
