package dev.quern.reference;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** A function under test, built together with the inputs and weights that it is run on. */
final class Program {
    private final FunctionBuilder builder = new FunctionBuilder("main");
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private final List<Weight> weights = new ArrayList<>();
    private final Map<String, float[]> elements = new HashMap<>();

    /** A parameter {@code f32[rows, columns]} with this input. */
    Value input(String name, Tensor tensor) {
        return parameter(name, TensorType.f32(new Dim.Fixed(tensor.rows()), tensor.columns()), tensor);
    }

    /** A parameter that is a state with these contents. */
    Value state(String name, Encoding encoding, Tensor tensor) {
        return parameter(name, new StateType(TensorType.of(encoding, tensor.rows(), tensor.columns())), tensor);
    }

    /** A parameter {@code u32[1]}. */
    Value position(int position) {
        return parameter("position", TensorType.of(Encoding.Scalar.U32, 1), Tensor.position(position));
    }

    /** A parameter {@code u32[n]}. */
    Value tokens(int... tokens) {
        return parameter(
                "tokens", TensorType.of(Encoding.Scalar.U32, tokens.length), Tensor.ints(tokens, tokens.length));
    }

    private Value parameter(String name, Type type, Tensor tensor) {
        Value value = builder.parameter(name, type);
        inputs.put(value.name(), tensor);
        return value;
    }

    /** A weight {@code f32[rows, columns]}, or {@code f32[columns]} where the tensor has one axis. */
    Value weight(String name, Tensor tensor) {
        long[] extents = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
        Weight weight = new Weight(name, TensorType.of(Encoding.Scalar.F32, extents), List.of(name));
        weights.add(weight);
        elements.put(name, tensor.floats());
        return weight.value();
    }

    /** Appends an operation with one result. */
    Value add(Op op) {
        return builder.add("result", op);
    }

    /** Appends an operation with several results. */
    List<Value> addAll(Op op, String... names) {
        return builder.addAll(List.of(names), op);
    }

    /** Runs what was built; the results are in the order of the values asked for. */
    List<Tensor> run(Value... results) {
        Module module = new Module("test", Stage.TENSOR, List.of(), weights, List.of(builder.build(List.of(results))));
        Interpreter interpreter =
                new Interpreter(module, weight -> Objects.requireNonNull(elements.get(weight.name()), weight.name()));
        return List.copyOf(interpreter.run("main", inputs).values());
    }

    /** Appends the operation and runs: its result. */
    Tensor result(Op op) {
        return run(add(op)).getFirst();
    }

    /** A matrix of normally distributed elements. */
    static Tensor random(Random random, int rows, int columns) {
        return Tensor.floats(gaussian(random, rows * columns), rows, columns);
    }

    /** A vector of normally distributed elements. */
    static Tensor randomVector(Random random, int columns) {
        return Tensor.floats(gaussian(random, columns), columns);
    }

    private static float[] gaussian(Random random, int count) {
        float[] data = new float[count];
        for (int index = 0; index < count; index++) {
            data[index] = (float) random.nextGaussian();
        }
        return data;
    }
}
