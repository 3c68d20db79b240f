package dev.quern.codegen;

import dev.quern.ir.Dim;
import dev.quern.ir.Encoding;
import dev.quern.ir.FunctionBuilder;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.Stage;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorType;
import dev.quern.ir.Type;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.reference.BlockEncoder;
import dev.quern.reference.DecodedWeights;
import dev.quern.reference.Interpreter;
import dev.quern.reference.RandomBlocks;
import dev.quern.reference.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A function under test, built together with the inputs and the encoded weights that the oracle and the device both
 * get.
 */
final class Program {
    /** The function's name. */
    static final String MAIN = "main";

    private final FunctionBuilder builder = new FunctionBuilder(MAIN);
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private final Map<String, ByteBuffer> encoded = new LinkedHashMap<>();
    private final List<Weight> weights = new ArrayList<>();
    private final List<Value> results = new ArrayList<>();
    private final Dim rows;
    private final int actualRows;

    /**
     * A program on activations of some rows.
     *
     * @param actual how many rows there are
     * @param bound how many there may be; a symbol if more than one
     */
    Program(int actual, int bound) {
        this.rows = bound == 1 ? new Dim.Fixed(1) : new Dim.Symbol("tokens", bound);
        this.actualRows = actual;
    }

    /** A parameter {@code f32[rows, columns]} of normally distributed elements. */
    Value input(String name, Random random, int columns) {
        return input(name, gaussian(random, actualRows * columns), columns);
    }

    /** A parameter {@code f32[rows, columns]}. */
    Value input(String name, float[] elements, int columns) {
        return parameter(name, TensorType.f32(rows, columns), Tensor.floats(elements, actualRows, columns));
    }

    /** A parameter {@code u32[rows]}. */
    Value tokens(int... tokens) {
        return parameter(
                "tokens", new TensorType(Encoding.Scalar.U32, List.of(rows)), Tensor.ints(tokens, tokens.length));
    }

    /** A parameter {@code u32[1]}. */
    Value position(int position) {
        return parameter("position", TensorType.of(Encoding.Scalar.U32, 1), Tensor.position(position));
    }

    /** A state whose first rows hold normally distributed elements, the others NaN, which nothing may read. */
    Value state(String name, Random random, Encoding kept, int positions, int written, int columns) {
        float[] elements = BlockEncoder.of(kept).round(gaussian(random, positions * columns));
        for (int index = written * columns; index < elements.length; index++) {
            elements[index] = Float.NaN;
        }
        return parameter(
                name,
                new StateType(TensorType.of(kept, positions, columns)),
                Tensor.floats(elements, positions, columns));
    }

    /** A state of these elements, all of which its encoding holds as they are. */
    Value state(String name, Encoding kept, float[] elements, int columns) {
        int positions = elements.length / columns;
        return parameter(
                name,
                new StateType(TensorType.of(kept, positions, columns)),
                Tensor.floats(elements, positions, columns));
    }

    private Value parameter(String name, Type type, Tensor tensor) {
        Value value = builder.parameter(name, type);
        inputs.put(value.name(), tensor);
        return value;
    }

    /**
     * A weight of normally distributed scalars, or of blocks whose bits are all random but for the scales, which are
     * moderate.
     */
    Value weight(String name, Random random, Encoding encoding, int rowCount, int columns) {
        return weight(
                name,
                TensorType.of(encoding, rowCount, columns),
                RandomBlocks.bytes(random, encoding, rowCount * columns));
    }

    /** A weight {@code f32[n]}. */
    Value vector(String name, float[] elements) {
        return weight(
                name,
                TensorType.of(Encoding.Scalar.F32, elements.length),
                ByteBuffer.wrap(BlockEncoder.of(Encoding.Scalar.F32).encode(elements)));
    }

    /** A weight of any type. */
    Value weight(String name, TensorType type, ByteBuffer bytes) {
        Weight weight = new Weight(name, type, List.of(name));
        weights.add(weight);
        encoded.put(name, bytes);
        return weight.value();
    }

    /** Appends an operation with one result, which the function does not give back. */
    Value step(Op op) {
        return builder.add("step", op);
    }

    /** Appends an operation with one result, which is a result of the function too. */
    Value result(Op op) {
        return results("y", op).getFirst();
    }

    /** Appends an operation with several results, which are results of the function too. */
    List<Value> results(String names, Op op) {
        List<Value> values = builder.addAll(List.of(names.split(" ", -1)), op);
        results.addAll(values);
        return values;
    }

    /** What was built. */
    Module module() {
        List<Dim.Symbol> symbols = rows instanceof Dim.Symbol symbol ? List.of(symbol) : List.of();
        return new Module("test", Stage.TENSOR, symbols, weights, List.of(builder.build(results)));
    }

    /** What the oracle computes, by name of the result. */
    Map<String, Tensor> expected() {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        inputs.forEach((name, tensor) -> copies.put(name, copy(tensor)));
        return new Interpreter(module(), new DecodedWeights(name -> bytes(name))).run(MAIN, copies);
    }

    private static Tensor copy(Tensor tensor) {
        int[] shape = tensor.shape().stream().mapToInt(Integer::intValue).toArray();
        return tensor.integral()
                ? Tensor.ints(tensor.ints().clone(), shape)
                : Tensor.floats(tensor.floats().clone(), shape);
    }

    /** The input of a parameter. */
    Tensor input(String name) {
        Tensor tensor = inputs.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("there is no input " + name);
        }
        return tensor;
    }

    /** The bytes of a weight as a model file would hold them. */
    ByteBuffer bytes(String name) {
        ByteBuffer bytes = encoded.get(name);
        if (bytes == null) {
            throw new IllegalArgumentException("there is no weight " + name);
        }
        return bytes.duplicate();
    }

    /** The extent of a dimension in this run. */
    int extent(Dim dim) {
        return switch (dim) {
            case Dim.Fixed fixed -> Math.toIntExact(fixed.extent());
            case Dim.Symbol symbol -> actualRows;
        };
    }

    /** Normally distributed numbers. */
    static float[] gaussian(Random random, int count) {
        float[] numbers = new float[count];
        for (int index = 0; index < count; index++) {
            numbers[index] = (float) random.nextGaussian();
        }
        return numbers;
    }
}
