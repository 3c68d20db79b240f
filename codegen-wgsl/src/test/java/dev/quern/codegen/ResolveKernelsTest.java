package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Encoding;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.Rotation;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.Value;
import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.Reader;
import dev.quern.plan.DeviceProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A module of kernels that was written as text stands for the operations that it was made of. No device is needed. */
class ResolveKernelsTest {
    /** The rotation that a kernel's name leaves open is read back as this one. */
    private static final Rotation ROTATION = new Rotation(8, 6, 10_000, 1, Rotation.Pairing.HALVES);

    private static final Rotation ADJACENT = new Rotation(16, 16, 10_000, 1, Rotation.Pairing.ADJACENT);

    /** One operation each, every one that there is, by name. */
    private static Map<String, Program> programs() {
        Map<String, Program> programs = new LinkedHashMap<>();
        Random random = new Random(1);
        for (int bound : new int[] {1, 8}) {
            String tokens = bound == 1 ? "" : " of several tokens";
            programs.put("embed" + tokens, program(bound, p -> {
                Value table = p.weight("table", random, Encoding.Block.Q6_K, 24, 256);
                p.result(new TensorOp.Embed(bound == 1 ? p.tokens(1) : p.tokens(1, 2, 3), table));
                return p;
            }));
            programs.put("rms_norm" + tokens, program(bound, p -> {
                Value gain = p.vector("gain", Program.gaussian(random, 32));
                p.result(new TensorOp.RmsNorm(p.input("x", random, 32), gain, 1e-6f));
                return p;
            }));
            for (Encoding encoding : Encodings.ALL) {
                programs.put("matmul " + encoding.text() + tokens, program(bound, p -> {
                    Value weight = p.weight("weight", random, encoding, 24, 256);
                    p.result(new TensorOp.MatMul(p.input("x", random, 256), weight));
                    return p;
                }));
            }
            for (int parts = 0; parts < 6; parts++) {
                boolean normed = parts % 2 == 1;
                boolean gated = parts / 2 == 1;
                boolean added = parts / 2 == 2;
                programs.put(
                        "linear" + (normed ? ", normed" : "") + (gated ? ", gated" : "") + (added ? ", added" : "")
                                + tokens,
                        program(bound, p -> {
                            Value x = p.input("x", random, 64);
                            Value weight = p.weight("weight", random, Encoding.Block.Q4_1, 32, 64);
                            Value gain = p.vector("gain", Program.gaussian(random, 64));
                            Value residual = p.input("residual", random, 32);
                            p.result(new Linear(
                                    x,
                                    normed ? Optional.of(new Linear.Norm(gain, 1e-5f)) : Optional.empty(),
                                    weight,
                                    gated,
                                    added ? Optional.of(residual) : Optional.empty()));
                            return p;
                        }));
            }
            programs.put("add" + tokens, program(bound, p -> {
                Value left = p.input("left", random, 12);
                p.result(new TensorOp.Add(left, p.input("right", random, 12)));
                return p;
            }));
            programs.put("scale" + tokens, program(bound, p -> {
                p.result(new TensorOp.Scale(p.input("x", random, 12), -0.3f));
                return p;
            }));
            programs.put("swiglu" + tokens, program(bound, p -> {
                Value gate = p.input("gate", random, 12);
                p.result(new TensorOp.SwiGlu(gate, p.input("up", random, 12)));
                return p;
            }));
            programs.put("columns" + tokens, program(bound, p -> {
                p.result(new TensorOp.Columns(p.input("x", random, 12), 3, 5));
                return p;
            }));
            programs.put("rope" + tokens, program(bound, p -> {
                p.state("state", random, Encoding.Scalar.F16, 16, 0, 12);
                p.result(new TensorOp.Rope(p.input("x", random, 24), p.position(0), Optional.empty(), ROTATION));
                return p;
            }));
            for (Encoding kept : List.of(Encoding.Scalar.F16, Encoding.Scalar.F32)) {
                programs.put("state_write" + tokens + kept.text(), program(bound, p -> {
                    Value state = p.state("state", random, kept, 16, 0, 12);
                    p.result(new TensorOp.StateWrite(state, p.input("x", random, 12), p.position(0)));
                    return p;
                }));
                programs.put("rope_write" + tokens + kept.text(), program(bound, p -> {
                    Value keys = p.state("keys", random, kept, 16, 0, 32);
                    Value values = p.state("values", random, kept, 16, 0, 32);
                    p.results(
                            "q k v",
                            new TensorOp.RopeWrite(
                                    p.input("qkv", random, 128),
                                    p.position(0),
                                    Optional.empty(),
                                    keys,
                                    values,
                                    4,
                                    2,
                                    ADJACENT));
                    return p;
                }));
                programs.put("attention" + tokens + kept.text(), program(bound, p -> {
                    Value query = p.input("query", random, 32);
                    Value keys = p.state("keys", random, kept, 16, 16, 16);
                    Value values = p.state("values", random, kept, 16, 16, 16);
                    p.result(new TensorOp.Attention(query, keys, values, p.position(0), 4, 2, 0.3f));
                    return p;
                }));
            }
        }
        programs.put("arg_max", program(1, p -> {
            p.result(new TensorOp.ArgMax(p.input("logits", random, 29)));
            return p;
        }));
        return programs;
    }

    private static Program program(int bound, UnaryOperator<Program> build) {
        return build.apply(new Program(bound == 1 ? 1 : 3, bound));
    }

    @TestFactory
    Stream<DynamicTest> whatIsReadBackIsWhatWasMeant() {
        return programs().entrySet().stream()
                .flatMap(entry -> DeviceProfile.ALL.stream()
                        .map(profile -> DynamicTest.dynamicTest(
                                entry.getKey() + ", " + profile.name(), () -> comesBack(entry.getValue(), profile))));
    }

    private static void comesBack(Program program, DeviceProfile profile) {
        Selection written = SelectKernels.select(program.module(), profile);
        Module read = Reader.readVerified("m.qir", Writer.write(written.module()));
        Selection resolved = ResolveKernels.resolve(read, profile);
        assertEquals(written.module(), resolved.module());
        assertEquals(written.kernels(), resolved.kernels());
        assertEquals(written.geometries(), resolved.geometries());
        assertEquals(written.choices(), resolved.choices());
        assertEquals(written.storageReasons(), resolved.storageReasons());
        List<Op> meant = program.module().functions().getFirst().body().stream()
                .map(statement -> meant(statement.op()))
                .toList();
        List<Op> raised = RaiseKernels.raise(read).functions().getFirst().body().stream()
                .map(statement -> statement.op())
                .toList();
        assertEquals(meant, raised);
    }

    /** A plain product and a linear that does nothing more have one kernel. */
    private static Op meant(Op op) {
        return op instanceof TensorOp.MatMul product
                ? new Linear(product.x(), Optional.empty(), product.weight(), false, Optional.empty())
                : op;
    }

    @Test
    void theProfileIsReadOffTheKernels() {
        Random random = new Random(2);
        Program program = new Program(1, 1);
        Value x = program.input("x", random, 64);
        program.result(new TensorOp.MatMul(x, program.weight("w", random, Encoding.Block.Q4_0, 32, 64)));
        for (DeviceProfile profile : DeviceProfile.ALL) {
            Module lowered = SelectKernels.select(program.module(), profile).module();
            assertEquals(profile, ResolveKernels.likelyProfile(lowered, DeviceProfile.ALL));
        }
        Program any = new Program(1, 1);
        any.result(new TensorOp.Scale(any.input("x", random, 64), 2));
        Module ofAll =
                SelectKernels.select(any.module(), DeviceProfile.PORTABLE).module();
        assertEquals(DeviceProfile.ALL.getLast(), ResolveKernels.likelyProfile(ofAll, DeviceProfile.ALL));
        Module unknown = Reader.read("m.qir", Writer.write(ofAll).replace("@scale_", "@scald_"));
        assertEquals(
                DeviceProfile.ALL.getFirst(), ResolveKernels.likelyProfile(unknown, DeviceProfile.ALL.subList(0, 1)));
    }

    @Test
    void whatTheProfileDoesNotCallForIsRefusedWithWhatItDoes() {
        Module lowered = lowered("matmul q4_0");
        refused(lowered, "grid = [", "grid = [1", "this dispatch is expected to be", "grid = [1, 1, 1]");
        refused(lowered, "placement = buffer", "placement = texture", "this weight is expected to be", "= buffer");
        SelectionException other =
                assertThrows(SelectionException.class, () -> ResolveKernels.resolve(lowered, DeviceProfile.CPU_VULKAN));
        assertTrue(String.valueOf(other.getMessage()).contains("@matvec_lanes_q4_0_24x256"), other.getMessage());
    }

    @Test
    void namesThatStandForNoKernelAreRefused() {
        String unknown = "There is no kernel @";
        Module scale = lowered("scale");
        refused(scale, "@scale_12", "@scale_", unknown + "scale_");
        refused(scale, "@scale_12", "@scales_12", unknown + "scales_12");
        refused(scale, "@scale_12_be99999a", "@scale_12", unknown + "scale_12");
        refused(scale, "@scale_12_be99999a", "@scale_12_be99999a_", unknown + "scale_12_be99999a_");
        refused(scale, "@scale_12_be99999a", "@scale_12_bbe99999a", unknown + "scale_12_bbe99999a");
        refused(scale, "@scale_12_", "@scale_2147483648_", unknown + "scale_2147483648_");
        refused(scale, "@scale_12_", "@scale_12345678901_", unknown + "scale_12345678901_");
        Module rope = lowered("rope");
        refused(rope, "_8_6_halves", "_8_7_halves", unknown + "rope_24_8_7_halves");
        refused(rope, "_8_6_halves", "_8_0_halves", unknown + "rope_24_8_0_halves");
        refused(rope, "_8_6_halves", "_4_6_halves", unknown + "rope_24_4_6_halves");
        refused(rope, "_8_6_halves", "_8_6_quarters", unknown + "rope_24_8_6_quarters");
        Module product = lowered("matmul q4_0");
        refused(product, "q4_0_24x256", "q4_24x256", unknown);
        refused(product, "q4_0_24x256", "q4_0_24y256", unknown);
        refused(product, "q4_0_24x256", "q4_0_", unknown);
        refused(product, "q4_0_24x256", "q4_0_x256", unknown);
    }

    @Test
    void operandsAndResultsFitTheKernel() {
        refused(
                lowered("swiglu"),
                " %gate, %up ",
                " %gate ",
                "The kernel @swiglu_12 takes gate, up: 2 operands are expected, and there are 1.");
        refused(
                lowered("scale"),
                " %x ",
                " %x, %x ",
                "The kernel @scale_12_be99999a takes x: 1 operands are expected, and there are 2.");
        Module columns = lowered("columns");
        String wider = Writer.write(columns).replace("f32[1, 5]", "f32[1, 6]");
        SelectionException result = assertThrows(
                SelectionException.class,
                () -> ResolveKernels.resolve(Reader.read("m.qir", wider), DeviceProfile.PORTABLE));
        assertEquals("This kernel, given these operands, gives f32[1, 5]; written is f32[1, 6].", result.getMessage());
        refused(columns, "@columns_12_3_5", "@columns_12_9_5", "5 columns from 9 do not lie in %x, which has 12.");
    }

    private static Module lowered(String name) {
        Program program = programs().get(name);
        if (program == null) {
            throw new IllegalArgumentException(name);
        }
        return SelectKernels.select(program.module(), DeviceProfile.PORTABLE).module();
    }

    private static void refused(Module lowered, String found, String replacement, String... sentences) {
        String text = Writer.write(lowered);
        assertTrue(text.contains(found), () -> found + " is not in " + text);
        Module changed = Reader.readVerified("m.qir", text.replace(found, replacement));
        SelectionException problem =
                assertThrows(SelectionException.class, () -> ResolveKernels.resolve(changed, DeviceProfile.PORTABLE));
        for (String sentence : sentences) {
            assertTrue(String.valueOf(problem.getMessage()).contains(sentence), problem.getMessage());
        }
    }
}
