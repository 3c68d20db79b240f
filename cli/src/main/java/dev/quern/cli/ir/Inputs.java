package dev.quern.cli.ir;

import dev.quern.ir.Dim;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.text.Names;
import dev.quern.ir.text.Writer;
import dev.quern.reference.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a function is called with: numbers that were given, and for the rest states of zeros, integers of 0 and random
 * floats. The extents of symbols follow from the numbers given, else from {@code extents}, else are 1.
 */
public final class Inputs {
    private final Function function;
    private final Map<String, double[]> given;
    private final long seed;
    private final Map<String, Long> extents;
    private final Map<MadeUp, List<String>> madeUp = new LinkedHashMap<>();

    /** What was taken for a parameter that was not given. */
    private enum MadeUp {
        ZERO(" as 0", "parameters"),
        ZEROS(" of zeros", "states"),
        RANDOM(" at random", "parameters");

        private final String how;
        private final String many;

        MadeUp(String how, String many) {
            this.how = how;
            this.many = many;
        }

        /** A model has a state for each layer: who reads of three need not read of sixty. */
        String phrase(List<String> names) {
            int last = names.size() - 1;
            String named = last == 0
                    ? names.getFirst()
                    : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
            return (names.size() > MOST_NAMED ? names.size() + " " + many : named) + how;
        }
    }

    private static final int MOST_NAMED = 3;

    /**
     * Prepares a call.
     *
     * @param given numbers by the name of the parameter, in row-major order
     * @param extents of symbols, by name
     * @param seed of random floats
     * @throws IrException if something is given that the function does not take
     */
    public Inputs(Function function, Map<String, double[]> given, Map<String, Long> extents, long seed) {
        this.function = function;
        this.given = given;
        this.seed = seed;
        this.extents = new HashMap<>(extents);
        for (String name : given.keySet()) {
            if (function.parameters().stream()
                    .noneMatch(parameter -> parameter.name().equals(name))) {
                throw new IrException("@" + Names.print(function.name()) + " takes no %" + Names.print(name)
                        + "; it takes " + signature() + ".");
            }
        }
    }

    /** A tensor for each parameter, by name. */
    public Map<String, Tensor> tensors() {
        madeUp.clear();
        for (Value parameter : function.parameters()) {
            double[] numbers = given.get(parameter.name());
            if (numbers != null) {
                bind(parameter, numbers.length);
            }
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Value parameter : function.parameters()) {
            tensors.put(parameter.name(), tensor(parameter));
        }
        return tensors;
    }

    /** What {@link #tensors} made up, a phrase for each way; parameters are named unless they are many. */
    public List<String> madeUp() {
        return madeUp.entrySet().stream()
                .map(entry -> entry.getKey().phrase(entry.getValue()))
                .toList();
    }

    private void note(Value parameter, MadeUp how) {
        madeUp.computeIfAbsent(how, _ -> new ArrayList<>()).add(parameter.toString());
    }

    private Tensor tensor(Value parameter) {
        TensorType type = contents(parameter);
        int[] shape = type.shape().stream()
                .mapToInt(dim -> Math.toIntExact(extent(dim)))
                .toArray();
        int elements = 1;
        for (int extent : shape) {
            elements = Math.multiplyExact(elements, extent);
        }
        double[] numbers = given.get(parameter.name());
        if (numbers != null && numbers.length != elements) {
            throw new IrException(Writer.value(parameter) + " is " + parameter.type() + ": " + elements
                    + " numbers are expected, and " + numbers.length + " are given.");
        }
        if (type.encoding() == Encoding.Scalar.U32) {
            if (numbers == null) {
                note(parameter, MadeUp.ZERO);
            }
            return Tensor.ints(integers(parameter, numbers == null ? new double[elements] : numbers), shape);
        }
        float[] floats = new float[elements];
        if (numbers != null) {
            for (int index = 0; index < elements; index++) {
                floats[index] = (float) numbers[index];
            }
        } else if (parameter.type() instanceof StateType) {
            note(parameter, MadeUp.ZEROS);
        } else {
            note(parameter, MadeUp.RANDOM);
            floats = RandomFloats.of(seed, "%" + parameter.name(), elements, 0, 1);
        }
        return Tensor.floats(floats, shape);
    }

    /** Finds the extent of the one symbol that the number of elements leaves open. */
    private void bind(Value parameter, int elements) {
        long known = 1;
        Dim.Symbol open = null;
        for (Dim dim : contents(parameter).shape()) {
            if (dim instanceof Dim.Symbol symbol && !extents.containsKey(symbol.name())) {
                open = symbol;
            } else {
                known = Math.multiplyExact(known, extent(dim));
            }
        }
        if (open != null) {
            long extent = elements / known;
            if (extent * known != elements || extent < 1 || extent > open.max()) {
                throw new IrException(
                        Writer.value(parameter) + " is " + parameter.type() + ", where " + open + " is from 1 to "
                                + open.max() + ": so many times " + known + " numbers are expected, and " + elements
                                + " are given.");
            }
            extents.put(open.name(), extent);
        }
    }

    private long extent(Dim dim) {
        return switch (dim) {
            case Dim.Fixed fixed -> fixed.extent();
            case Dim.Symbol symbol -> extents.getOrDefault(symbol.name(), 1L);
        };
    }

    private static int[] integers(Value parameter, double[] numbers) {
        int[] integers = new int[numbers.length];
        for (int index = 0; index < numbers.length; index++) {
            if (numbers[index] < 0 || numbers[index] > Integer.MAX_VALUE || numbers[index] % 1 != 0) {
                throw new IrException(Writer.value(parameter) + " is " + parameter.type() + ", and " + numbers[index]
                        + " is no whole number from 0 on.");
            }
            integers[index] = (int) numbers[index];
        }
        return integers;
    }

    private static TensorType contents(Value parameter) {
        return switch (parameter.type()) {
            case TensorType tensor -> tensor;
            case StateType state -> state.contents();
        };
    }

    private String signature() {
        return String.join(
                ", ",
                function.parameters().stream()
                        .map(parameter -> Writer.value(parameter) + ": " + parameter.type())
                        .toList());
    }
}
