package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Dim;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Type;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.reference.Interpreter;
import dev.quern.reference.Numerics;
import dev.quern.reference.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** Runs two modules on the same random inputs and compares what comes out. */
final class Equivalence {
    /** Passes may add in another order; they may not do anything else. */
    private static final double LIMIT = 1e-9;

    private static final int SEQUENCE = 3;
    private static final int POSITION = 2;
    private final Module before;
    private final Module after;
    private final long seed;

    private Equivalence(Module before, Module after, long seed) {
        this.before = before;
        this.after = after;
        this.seed = seed;
    }

    static void check(Module before, Module after, long seed) {
        new Equivalence(before, after, seed).check();
    }

    private void check() {
        assertEquals(names(before), names(after), "the functions");
        Interpreter first = new Interpreter(before, this::elements);
        Interpreter second = new Interpreter(after, this::elements);
        for (Function function : before.functions()) {
            Function changed = after.function(function.name()).orElseThrow();
            assertEquals(function.parameters(), changed.parameters(), "the parameters of @" + function.name());
            Map<String, Tensor> expected = first.run(function.name(), inputs(function));
            Map<String, Tensor> actual = second.run(function.name(), inputs(function));
            assertEquals(function.results().size(), changed.results().size(), "the results of @" + function.name());
            for (int index = 0; index < function.results().size(); index++) {
                Value left = function.results().get(index);
                Value right = changed.results().get(index);
                compare(
                        "@" + function.name() + ", result " + left,
                        Objects.requireNonNull(expected.get(left.name())),
                        Objects.requireNonNull(actual.get(right.name())));
            }
        }
    }

    private static List<String> names(Module module) {
        return module.functions().stream().map(Function::name).toList();
    }

    private static void compare(String what, Tensor expected, Tensor actual) {
        assertEquals(expected.shape(), actual.shape(), what);
        if (expected.integral()) {
            assertArrayEquals(expected.ints(), actual.ints(), what);
        } else if (!Arrays.equals(expected.floats(), actual.floats())) {
            double error = Numerics.nmse(expected.floats(), actual.floats());
            assertTrue(error <= LIMIT, what + " differs by a normalised mean squared error of " + error);
        }
    }

    /** Fresh tensors for each run: a run overwrites the states that it is given. */
    private Map<String, Tensor> inputs(Function function) {
        Set<Value> positions = new HashSet<>();
        int vocabulary = Integer.MAX_VALUE;
        for (var statement : function.body()) {
            switch (statement.op()) {
                case TensorOp.Rope op -> positions.add(op.position());
                case TensorOp.StateWrite op -> positions.add(op.position());
                case TensorOp.Attention op -> positions.add(op.position());
                case TensorOp.PlaceHeads op -> positions.add(op.position());
                case TensorOp.Embed op ->
                    vocabulary = (int)
                            Math.min(vocabulary, op.table().tensor().rows().max());
                default -> {}
            }
        }
        Map<String, Tensor> inputs = new HashMap<>();
        Random random = new Random(seed);
        for (Value parameter : function.parameters()) {
            Random own = new Random(random.nextLong());
            inputs.put(
                    parameter.name(),
                    positions.contains(parameter)
                            ? Tensor.position(POSITION)
                            : random(parameter.type(), own, vocabulary));
        }
        return inputs;
    }

    private static Tensor random(Type type, Random random, int vocabulary) {
        return switch (type) {
            case StateType state -> random(state.contents(), random, vocabulary);
            case TensorType tensor -> random(tensor, random, vocabulary);
        };
    }

    private static Tensor random(TensorType type, Random random, int vocabulary) {
        int[] shape = new int[type.shape().size()];
        int elements = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = switch (type.shape().get(axis)) {
                case Dim.Fixed fixed -> Math.toIntExact(fixed.extent());
                case Dim.Symbol symbol -> (int) Math.min(SEQUENCE, symbol.max());
            };
            elements = Math.multiplyExact(elements, shape[axis]);
        }
        if (type.encoding().text().equals("u32")) {
            int[] data = new int[elements];
            for (int index = 0; index < elements; index++) {
                data[index] = random.nextInt(Math.min(vocabulary, 1000));
            }
            return Tensor.ints(data, shape);
        }
        float[] data = new float[elements];
        for (int index = 0; index < elements; index++) {
            data[index] = (float) random.nextGaussian();
        }
        return Tensor.floats(data, shape);
    }

    /**
     * The elements of a weight of either module: those of the weights before whose sources it lists, one after another.
     */
    private float[] elements(Weight weight) {
        if (before.weights().contains(weight)) {
            return original(weight);
        }
        List<float[]> parts = new ArrayList<>();
        int next = 0;
        while (next < weight.parts().size()) {
            Weight part = startingAt(weight, next);
            parts.add(original(part));
            next += part.parts().size();
        }
        int length = parts.stream().mapToInt(part -> part.length).sum();
        float[] all = new float[length];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private Weight startingAt(Weight weight, int next) {
        List<Weight.Part> rest = weight.parts().subList(next, weight.parts().size());
        return before.weights().stream()
                .filter(w -> !w.parts().isEmpty()
                        && w.parts().size() <= rest.size()
                        && w.parts().equals(rest.subList(0, w.parts().size())))
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError("@" + weight.name() + " lists sources that no weight had before: " + rest));
    }

    private float[] original(Weight weight) {
        Random random = new Random(seed + weight.name().hashCode());
        float[] data = new float[Math.toIntExact(weight.type().maxElements())];
        double scale = 1 / Math.sqrt((double) weight.type().columns());
        boolean vector = weight.type().shape().size() == 1;
        for (int index = 0; index < data.length; index++) {
            data[index] = (float) (vector ? 0.5 + random.nextDouble() : random.nextGaussian() * scale);
        }
        return data;
    }
}
