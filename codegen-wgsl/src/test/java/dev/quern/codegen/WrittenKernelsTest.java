package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.codegen.lowering.SelectionException;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Encoding;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Rotation;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.Value;
import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.Reader;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import dev.quern.reference.SideBySide;
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

/**
 * A module of kernels that was written as text says all that it was made of, and may be edited. No device is needed.
 */
class WrittenKernelsTest {
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
            for (Finishes finish : Finishes.values()) {
                for (boolean normed : new boolean[] {false, true}) {
                    programs.put("linear" + (normed ? ", normed, " : ", ") + finish + tokens, program(bound, p -> {
                        Value x = p.input("x", random, 64);
                        Value weight = p.weight("weight", random, Encoding.Block.Q4_1, 32, 64);
                        Value gain = p.vector("gain", Program.gaussian(random, 64));
                        Value residual = p.input("residual", random, 32 / finish.parts());
                        Value bias = p.vector("bias", Program.gaussian(random, 32));
                        p.result(new Linear(
                                x,
                                normed ? Optional.of(new Linear.Norm(gain, 1e-5f)) : Optional.empty(),
                                weight,
                                finish.parts(),
                                finish.of(residual, bias)));
                        return p;
                    }));
                }
            }
            programs.put("add" + tokens, program(bound, p -> {
                Value left = p.input("left", random, 12);
                p.result(TensorOp.Map.sum(left, p.input("right", random, 12)));
                return p;
            }));
            programs.put("scale" + tokens, program(bound, p -> {
                p.result(TensorOp.Map.scaled(-0.3f, p.input("x", random, 12)));
                return p;
            }));
            programs.put("swiglu" + tokens, program(bound, p -> {
                Value gate = p.input("gate", random, 12);
                p.result(TensorOp.Map.gated(Pointwise.Function.SILU, gate, p.input("up", random, 12)));
                return p;
            }));
            programs.put("columns" + tokens, program(bound, p -> {
                p.result(new TensorOp.Columns(p.input("x", random, 12), 3, 5));
                return p;
            }));
            programs.put("rope" + tokens, program(bound, p -> {
                p.state("state", random, Encoding.Scalar.F16, 16, 0, 12);
                Value factors = p.vector("factors", new float[] {1, 2, 4});
                p.result(new TensorOp.Rope(p.input("x", random, 24), p.position(0), Optional.of(factors), ROTATION));
                return p;
            }));
            for (Encoding kept : List.of(Encoding.Scalar.F16, Encoding.Scalar.F32)) {
                programs.put("state_write" + tokens + kept.text(), program(bound, p -> {
                    Value state = p.state("state", random, kept, 16, 0, 12);
                    p.result(new TensorOp.StateWrite(state, p.input("x", random, 12), p.position(0)));
                    return p;
                }));
                programs.put("place_heads" + tokens + kept.text(), program(bound, p -> {
                    Value keys = p.state("keys", random, kept, 16, 0, 32);
                    Value values = p.state("values", random, kept, 16, 0, 32);
                    p.results(
                            "q k v",
                            SideBySide.heads(
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
        assertEquals(written.module(), read);
        Selection again = SelectKernels.select(read, profile);
        assertEquals(written, again);
        assertEquals(written.choices(), again.choices(), "why, which the text does not say");
        List<Op> meant = program.module().functions().getFirst().body().stream()
                .map(Statement::op)
                .toList();
        List<TensorOp> computed =
                dispatches(read).stream().map(Dispatch::computes).toList();
        assertEquals(meant, computed);
        assertEquals(Optional.of(profile.name()), read.profile());
    }

    private static List<Dispatch> dispatches(Module module) {
        return module.functions().getFirst().body().stream()
                .map(statement -> (Dispatch) statement.op())
                .toList();
    }

    @Test
    void kernelsAreChosenForOneProfile() {
        Module lowered = lowered("matmul q4_0", DeviceProfile.PORTABLE);
        SelectionException other =
                assertThrows(SelectionException.class, () -> SelectKernels.select(lowered, DeviceProfile.CPU_VULKAN));
        assertEquals(
                "The kernels of this graph are chosen for the profile portable, not for cpu-vulkan.",
                other.getMessage());
        // A text that names no profile is judged by its kernels.
        Module any = Reader.readVerified("m.qir", Writer.write(lowered).replace("profile \"portable\"\n", ""));
        assertEquals(lowered, SelectKernels.select(any, DeviceProfile.PORTABLE).module());
        refused(
                any,
                DeviceProfile.CPU_VULKAN,
                "grid",
                "grid",
                "No kernel matmul.group {lanes = 64, tiles = 4, tokens = 1} computes this; for the profile cpu-vulkan it"
                        + " is computed by matvec.lanes {input = uniform, tiles = 4, tokens = 1} or by matvec.lanes"
                        + " {input = storage, tiles = 4, tokens = 1}.");
    }

    @Test
    void whatTheProfileDoesNotCallForIsRefusedWithWhatItDoes() {
        Module lowered = lowered("matmul q4_0", DeviceProfile.PORTABLE);
        DeviceProfile profile = DeviceProfile.PORTABLE;
        refused(lowered, profile, "grid [", "grid [1", "this dispatch is expected to be", "grid [1, 1, 1]");
        refused(lowered, profile, "binds @weight, %x", "binds %x, @weight", "expected to be", "binds @weight, %x, %y");
        refused(lowered, profile, "= buffer", "= texture", "this weight is expected to be", "= buffer");
        refused(lowered, profile, "tiles = 4", "tiles = 5", "No kernel matmul.group {lanes = 64, tiles = 5, ");
        refused(lowered, profile, "matmul.group", "matmul.grope", "No kernel matmul.grope {", "by matmul.group {");
        Module rope = lowered("rope", profile);
        refused(
                rope,
                profile,
                "from = rotations, base = 10000.0",
                "from = rotations, base = 500000.0",
                "expected to be");
    }

    /** A decision stands in the text, and who edits it decides otherwise. */
    @Test
    void anotherKernelCanBeAskedFor() {
        Module lanes = edited(lowered("matmul q4_0", DeviceProfile.CPU_VULKAN), "input = uniform", "input = storage");
        Selection selected = SelectKernels.select(lanes, DeviceProfile.CPU_VULKAN);
        assertEquals(lanes, selected.module());
        assertEquals(
                Kernel.Access.READ_WRITE,
                selected.kernels().getFirst().slots().get(1).access());
        assertTrue(
                selected.choices().getFirst().reasons().toString().contains("as the graph asks"),
                selected.choices().toString());

        Module four = edited(lowered("matmul q4_0", DeviceProfile.CPU_SWIFTSHADER), "tiles = 4", "tiles = 16");
        assertEquals(
                16,
                SelectKernels.select(four, DeviceProfile.CPU_SWIFTSHADER)
                        .kernels()
                        .getFirst()
                        .whole("GROUP_TILES"));
    }

    /** What the device cannot run is not to be had by asking. */
    @Test
    void anotherKernelMustBeOneThatTheDeviceRuns() {
        Program program = new Program(3, 8);
        Random random = new Random(3);
        Value weight = program.weight("weight", random, Encoding.Block.Q4_0, 8, 4096);
        program.result(new TensorOp.MatMul(program.input("x", random, 4096), weight));
        Module wide =
                SelectKernels.select(program.module(), DeviceProfile.CPU_VULKAN).module();
        refused(
                wide,
                DeviceProfile.CPU_VULKAN,
                "input = storage",
                "input = uniform",
                "The input %x has 131072 bytes; a uniform holds 65536.");
    }

    private static Module lowered(String name, DeviceProfile profile) {
        Program program = programs().get(name);
        if (program == null) {
            throw new IllegalArgumentException(name);
        }
        return SelectKernels.select(program.module(), profile).module();
    }

    private static Module edited(Module lowered, String found, String replacement) {
        String text = Writer.write(lowered);
        assertTrue(text.contains(found), () -> found + " is not in " + text);
        return Reader.readVerified("m.qir", text.replace(found, replacement));
    }

    private static void refused(
            Module lowered, DeviceProfile profile, String found, String replacement, String... sentences) {
        Module changed = edited(lowered, found, replacement);
        SelectionException problem =
                assertThrows(SelectionException.class, () -> SelectKernels.select(changed, profile));
        assertTrue(problem.place().isPresent());
        for (String sentence : sentences) {
            assertTrue(String.valueOf(problem.getMessage()).contains(sentence), problem.getMessage());
        }
    }
}
