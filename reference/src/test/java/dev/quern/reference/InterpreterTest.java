package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.ir.Binding;
import dev.quern.ir.Dim;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.FunctionBuilder;
import dev.quern.ir.Grid;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a run does with inputs, states, symbols and mistakes. */
class InterpreterTest {
    private static final Dim.Symbol ROWS = new Dim.Symbol("n", 3);
    private static final TensorType MATRIX = TensorType.f32(ROWS, 2);
    private static final TensorType POSITION = TensorType.of(Encoding.Scalar.U32, 1);

    @Test
    void resultsComeByNameInOrderAndSymbolsTakeTheExtentOfTheInput() {
        FunctionBuilder builder = new FunctionBuilder("main");
        Value x = builder.parameter("x", MATRIX);
        Value twice = builder.add("twice", TensorOp.Map.scaled(2, x));
        Value sum = builder.add("sum", TensorOp.Map.sum(twice, x));
        Interpreter interpreter = interpreter(builder.build(List.of(sum, twice)));
        for (int rows = 1; rows <= 3; rows++) {
            Map<String, Tensor> results = interpreter.run("main", Map.of("x", ones(rows)));
            assertEquals(List.of("sum", "twice"), List.copyOf(results.keySet()));
            assertEquals(List.of(rows, 2), value(results, "sum").shape());
            assertEquals(3, value(results, "sum").floats()[2 * rows - 1]);
            assertEquals(2, value(results, "twice").floats()[0]);
        }
    }

    @Test
    void aTraceSeesEveryStatementInOrder() {
        FunctionBuilder builder = new FunctionBuilder("main");
        Value x = builder.parameter("x", MATRIX);
        Value twice = builder.add("twice", TensorOp.Map.scaled(2, x));
        Value most = builder.add("most", new TensorOp.ArgMax(twice));
        List<String> seen = new ArrayList<>();
        interpreter(builder.build(List.of(most)))
                .run(
                        "main",
                        Map.of("x", ones(2)),
                        (statement, results) -> seen.add(statement.result() + " " + results.getFirst()));
        assertEquals(List.of("%twice f32[2, 2]", "%most u32[2]"), seen);
    }

    @Test
    void aWriteRoundsToTheEncodingOfTheStateAndOverwritesTheArrayOfTheCaller() {
        Tensor state = Tensor.zeros(4, 2);
        Tensor result = write(state, Encoding.Scalar.F16, false).getFirst();
        assertArrayEquals(new float[] {0, 0, 0.099975586f, 1, 0.099975586f, 1, 0, 0}, result.floats());
        assertSame(state, result);
    }

    @Test
    void aBlockEncodingRoundsRowByRow() {
        FunctionBuilder builder = new FunctionBuilder("main");
        Value state = builder.parameter("state", new StateType(TensorType.of(Encoding.Block.Q8_0, 1, 32)));
        Value x = builder.parameter("x", TensorType.of(Encoding.Scalar.F32, 1, 32));
        Value position = builder.parameter("position", POSITION);
        Value after = builder.add("after", new TensorOp.StateWrite(state, x, position));
        float[] row = new float[32];
        row[0] = 127;
        row[1] = 0.6f;
        Map<String, Tensor> results = interpreter(builder.build(List.of(after)))
                .run(
                        "main",
                        Map.of(
                                "state", Tensor.zeros(1, 32),
                                "x", Tensor.floats(row, 1, 32),
                                "position", Tensor.position(0)));
        assertEquals(127, value(results, "after").floats()[0]);
        assertEquals(1, value(results, "after").floats()[1]);
    }

    @Test
    void aVersionOfAStateThatIsReadLaterIsKept() {
        Tensor state = Tensor.zeros(4, 2);
        List<Tensor> results = write(state, Encoding.Scalar.F32, true);
        assertArrayEquals(
                new float[] {0, 0, 0.1f, 1, 0.1f, 1, 0, 0}, results.get(0).floats());
        assertArrayEquals(new float[8], results.get(1).floats(), "the state before the write");
    }

    /** Writes the row (0.1, 1) twice, at positions 1 and 2: the states after the write and, if kept, before it. */
    private static List<Tensor> write(Tensor tensor, Encoding encoding, boolean kept) {
        FunctionBuilder builder = new FunctionBuilder("main");
        Value state = builder.parameter("state", new StateType(TensorType.of(encoding, 4, 2)));
        Value x = builder.parameter("x", MATRIX);
        Value position = builder.parameter("position", POSITION);
        Value after = builder.add("after", new TensorOp.StateWrite(state, x, position));
        Map<String, Tensor> results = interpreter(builder.build(kept ? List.of(after, state) : List.of(after)))
                .run(
                        "main",
                        Map.of(
                                "state", tensor,
                                "x", Tensor.floats(new float[] {0.1f, 1, 0.1f, 1}, 2, 2),
                                "position", Tensor.position(1)));
        return List.copyOf(results.values());
    }

    @Test
    void aStateKeepsItsContentsFromCallToCall() {
        FunctionBuilder builder = new FunctionBuilder("main");
        Value state = builder.parameter("state", new StateType(TensorType.of(Encoding.Scalar.F32, 3, 2)));
        Value x = builder.parameter("x", MATRIX);
        Value position = builder.parameter("position", POSITION);
        Value after = builder.add("after", new TensorOp.StateWrite(state, x, position));
        Interpreter interpreter = interpreter(builder.build(List.of(after)));
        Tensor contents = Tensor.zeros(3, 2);
        for (int step = 0; step < 3; step++) {
            Tensor row = Tensor.floats(new float[] {step, step}, 1, 2);
            contents = value(
                    interpreter.run("main", Map.of("state", contents, "x", row, "position", Tensor.position(step))),
                    "after");
        }
        assertArrayEquals(new float[] {0, 0, 1, 1, 2, 2}, contents.floats());
    }

    @Test
    void anInputThatIsMissingIsNamed() {
        assertRefused("@main takes %x (f32[?n, 2]), and the inputs are [y].", Map.of("y", ones(1)));
    }

    @Test
    void anInputBeyondTheBoundOfItsSymbolIsRefused() {
        assertRefused("the input %x (f32[?n, 2]) is f32[4, 2]; ?n is from 1 to 3.", Map.of("x", ones(4)));
    }

    @Test
    void anInputOfAnotherShapeIsRefused() {
        assertRefused(
                "%x is f32[?n, 2] with ?n = 1, and the tensor given for it is f32[1, 5].",
                Map.of("x", Tensor.zeros(1, 5)));
    }

    @Test
    void integersForFloatsAreRefused() {
        assertRefused(
                "%x is f32[?n, 2] with ?n = 1, and the tensor given for it is u32[1, 2].",
                Map.of("x", Tensor.ints(new int[2], 1, 2)));
    }

    @Test
    void anUnknownFunctionIsRefusedWithThoseThatThereAre() {
        FunctionBuilder builder = new FunctionBuilder("main");
        Value x = builder.parameter("x", MATRIX);
        Interpreter interpreter = interpreter(builder.build(List.of(x)));
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> interpreter.run("decode", Map.of("x", ones(1))));
        assertEquals("the module \"test\" has no function @decode; it has [@main].", refusal.getMessage());
    }

    /** A kernel is a way to compute an operation, and the operation is what is run. */
    @Test
    void aDispatchIsRunByWhatItComputes() {
        FunctionBuilder builder = new FunctionBuilder("main");
        Value x = builder.parameter("x", MATRIX);
        Value y = builder.add(
                "y",
                new Dispatch(
                        TensorOp.Map.scaled(3, x),
                        KernelInstance.of("scale"),
                        List.of(new Binding.Reads(x), new Binding.Writes(0)),
                        new Grid(List.of()),
                        List.of()));
        Map<String, Tensor> results = interpreter(builder.build(List.of(y))).run("main", Map.of("x", ones(1)));
        Tensor tripled = results.get("y");
        assertArrayEquals(new float[] {3, 3}, Objects.requireNonNull(tripled).floats());
    }

    private static void assertRefused(String message, Map<String, Tensor> inputs) {
        FunctionBuilder builder = new FunctionBuilder("main");
        Value x = builder.parameter("x", MATRIX);
        Interpreter interpreter = interpreter(builder.build(List.of(x)));
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> interpreter.run("main", inputs));
        assertEquals(message, refusal.getMessage());
    }

    private static Interpreter interpreter(Function function) {
        return new Interpreter(
                new Module("test", Stage.TENSOR, List.of(ROWS), List.of(), List.of(function)), weight -> {
                    throw new AssertionError("there are no weights");
                });
    }

    private static Tensor ones(int rows) {
        Tensor ones = Tensor.zeros(rows, 2);
        Arrays.fill(ones.floats(), 1);
        return ones;
    }

    private static Tensor value(Map<String, Tensor> results, String name) {
        return Objects.requireNonNull(results.get(name), name);
    }
}
