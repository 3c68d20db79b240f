package dev.quern.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.codegen.lowering.SelectionException;
import dev.quern.ir.Encoding;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Rotation;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.SideBySide;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What has no kernel is refused, by name; what differs has different names. No device is needed. */
class SelectKernelsTest {
    private final Random random = new Random(1);

    @Test
    void columnsThatAreNoMultipleOfFour() {
        Program program = new Program(1, 1);
        Value weight = program.weight("weight", random, Encoding.Scalar.F16, 8, 30);
        program.result(new TensorOp.MatMul(program.input("x", random, 30), weight));
        refused(
                "The rows of @weight have 30 columns; kernels read four at a time, so their number must be a multiple"
                        + " of 4.",
                program,
                DeviceProfile.PORTABLE);
    }

    @Test
    void columnsThatFillNoWholeBlocks() {
        Program program = new Program(1, 1);
        Value weight = program.weight("weight", TensorType.of(Encoding.Block.Q6_K, 8, 384), ByteBuffer.allocate(0));
        program.result(new TensorOp.MatMul(program.input("x", random, 384), weight));
        refused(
                "The rows of @weight have 384 columns, which do not fill whole blocks of q6_k (256 elements each).",
                program,
                DeviceProfile.CPU_VULKAN);
    }

    @Test
    void aTableOfIntegers() {
        Program program = new Program(1, 1);
        Value table = program.weight("table", TensorType.of(Encoding.Scalar.U32, 8, 32), ByteBuffer.allocate(0));
        program.result(new TensorOp.Embed(program.tokens(0), table));
        refused(
                "The elements of @table are integers (u32); kernels multiply and look up floats.",
                program,
                DeviceProfile.PORTABLE);
    }

    @Test
    void aProductOfThreeParts() {
        Program program = new Program(1, 1);
        Value weight = program.weight("weight", random, Encoding.Scalar.F16, 12, 32);
        program.result(new TensorOp.Linear(
                program.input("x", random, 32), Optional.empty(), weight, 3, new Pointwise.Part(2)));
        refused(
                "The product with @weight has 3 parts; kernels bring 2 together. Leave the others out of the fusion.",
                program,
                DeviceProfile.PORTABLE);
    }

    @Test
    void aBoundOfTokensThatIsNoMultipleOfFour() {
        Program program = new Program(3, 6);
        Value weight = program.weight("weight", random, Encoding.Scalar.F16, 8, 32);
        program.result(new TensorOp.MatMul(program.input("x", random, 32), weight));
        refused(
                "Prompts are read 4 tokens at a time, so the bound of ?tokens (6) must be a multiple of 4.",
                program,
                DeviceProfile.CPU_VULKAN);
    }

    @Test
    void headsThatAreNoMultipleOfEight() {
        Program program = new Program(1, 1);
        Value query = program.input("query", random, 12);
        Value keys = program.state("keys", random, Encoding.Scalar.F16, 4, 4, 12);
        program.result(new TensorOp.Attention(query, keys, keys, program.position(0), 1, 1, 1));
        refused(
                "No attention kernel takes heads of 12 elements: a head is a multiple of 8.",
                program,
                DeviceProfile.CPU_VULKAN);
    }

    @Test
    void statesThatNoKernelKeeps() {
        Program program = new Program(1, 1);
        Value state = program.state("state", random, Encoding.Scalar.BF16, 4, 4, 8);
        program.result(new TensorOp.StateWrite(state, program.input("x", random, 8), program.position(0)));
        refused(
                "The state %state is state<bf16[4, 8]>; kernels keep keys and values as f16, f32 or q8_0.",
                program, DeviceProfile.PORTABLE);
    }

    @Test
    void keysAndValuesInTwoEncodings() {
        Program program = new Program(1, 1);
        Value query = program.input("query", random, 16);
        Value keys = program.state("keys", random, Encoding.Scalar.F16, 4, 4, 16);
        Value values = program.state("values", random, Encoding.Scalar.F32, 4, 4, 16);
        program.result(new TensorOp.Attention(query, keys, values, program.position(0), 1, 1, 1));
        refused(
                "The state %keys is state<f16[4, 16]> and the state %values is state<f32[4, 16]>; kernels keep keys and"
                        + " values of a layer in one encoding.",
                program, DeviceProfile.CPU_VULKAN);
    }

    @Test
    void rowsOfAnOddNumberOfHalves() {
        Program program = new Program(1, 1);
        Value state = program.state("state", random, Encoding.Scalar.F16, 4, 4, 7);
        program.result(new TensorOp.StateWrite(state, program.input("x", random, 7), program.position(0)));
        refused(
                "The state %state is state<f16[4, 7]>; kernels write two elements at a time, so the number of its"
                        + " columns must be even.",
                program, DeviceProfile.PORTABLE);
    }

    @Test
    void headsOfAnOddNumberOfElements() {
        Program program = new Program(1, 1);
        Value keys = program.state("keys", random, Encoding.Scalar.F16, 4, 4, 14);
        Value values = program.state("values", random, Encoding.Scalar.F16, 4, 4, 14);
        Rotation rotation = new Rotation(7, 6, 10_000, 1, Rotation.Pairing.HALVES);
        program.results(
                "query new_keys new_values",
                SideBySide.heads(
                        program.input("qkv", random, 42),
                        program.position(0),
                        Optional.empty(),
                        keys,
                        values,
                        2,
                        2,
                        rotation));
        refused(
                "No kernel puts heads of 7 elements into place: two are written at a time.",
                program,
                DeviceProfile.PORTABLE);
    }

    @Test
    void aRotationWithoutAState() {
        Program program = new Program(1, 1);
        Rotation rotation = new Rotation(8, 8, 10_000, 1, Rotation.Pairing.HALVES);
        program.result(
                new TensorOp.Rope(program.input("x", random, 8), program.position(0), Optional.empty(), rotation));
        refused("The module rotates heads, but keeps no state of positions.", program, DeviceProfile.PORTABLE);
    }

    @Test
    void aWeightOfTwoUses() {
        Program program = new Program(1, 1);
        Value x = program.input("x", random, 32);
        Value weight = program.weight("weight", random, Encoding.Block.Q4_0, 16, 32);
        program.result(new TensorOp.Linear(x, Optional.empty(), weight, 2, Finishes.SWIGLU.of(x, x)));
        program.result(new TensorOp.MatMul(x, weight));
        refused(
                "@weight is used both in parts and as one matrix, which no layout serves.",
                program,
                DeviceProfile.PORTABLE);
    }

    @Test
    void aGainThatNoUniformHolds() {
        Program program = new Program(1, 1);
        Value gain = program.vector("gain", new float[16388]);
        program.result(new TensorOp.RmsNorm(program.input("x", random, 16388), gain, 1e-5f));
        refused(
                "The vector @gain has 16388 elements; kernels take up to 16384, a multiple of 4.",
                program,
                DeviceProfile.PORTABLE);
    }

    /** Two norms of one width and different epsilons are two kernels. */
    @Test
    void whatDiffersHasDifferentNames() {
        Program program = new Program(1, 1);
        Value x = program.input("x", random, 32);
        Value gain = program.vector("gain", Program.gaussian(random, 32));
        Value weight = program.weight("weight", random, Encoding.Block.Q8_0, 32, 32);
        for (float epsilon : new float[] {1e-5f, 1e-6f, 1e-5f}) {
            program.result(new TensorOp.RmsNorm(x, gain, epsilon));
            program.result(new TensorOp.Linear(
                    x, Optional.of(new TensorOp.Linear.Norm(gain, epsilon)), weight, 1, TensorOp.Linear.PLAIN));
        }
        for (DeviceProfile profile : DeviceProfile.ALL) {
            assertEquals(
                    4, SelectKernels.select(program.module(), profile).kernels().size());
        }
    }

    private static void refused(String message, Program program, DeviceProfile profile) {
        SelectionException problem =
                assertThrows(SelectionException.class, () -> SelectKernels.select(program.module(), profile));
        assertEquals(message, problem.getMessage());
    }
}
