package dev.quern.reference;

import dev.quern.ir.Dim;
import dev.quern.ir.Encoding;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorType;
import dev.quern.ir.Type;
import dev.quern.ir.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The extents that the symbols have in one call, and the comparison of tensors with types under them. */
final class Shapes {
    private final Map<Dim.Symbol, Integer> extents = new HashMap<>();

    /** A tensor of a type without symbols. */
    static Tensor fixed(float[] data, TensorType type) {
        int[] shape = type.shape().stream()
                .mapToInt(dim -> Math.toIntExact(dim.max()))
                .toArray();
        return Tensor.floats(data, shape);
    }

    /** Compares an input with its parameter; a symbol that is met for the first time takes the extent found. */
    void bind(Value parameter, Tensor input) {
        List<Dim> dims = contents(parameter.type()).shape();
        if (dims.size() == input.shape().size()) {
            for (int axis = 0; axis < dims.size(); axis++) {
                if (dims.get(axis) instanceof Dim.Symbol symbol) {
                    int extent = input.shape().get(axis);
                    if (extent < 1 || extent > symbol.max()) {
                        throw new IllegalArgumentException("the input " + parameter + " (" + parameter.type() + ") is "
                                + input + "; " + symbol + " is from 1 to " + symbol.max() + ".");
                    }
                    extents.putIfAbsent(symbol, extent);
                }
            }
        }
        check(parameter, input);
    }

    /** Compares a tensor with the type of its value. */
    void check(Value value, Tensor tensor) {
        TensorType type = contents(value.type());
        boolean fits = type.shape().size() == tensor.shape().size()
                && tensor.integral() == type.encoding().equals(Encoding.Scalar.U32);
        for (int axis = 0; fits && axis < type.shape().size(); axis++) {
            fits = extent(type.shape().get(axis)) == tensor.shape().get(axis);
        }
        if (!fits) {
            throw new IllegalArgumentException(value + " is " + value.type()
                    + (extents.isEmpty() ? "" : " with " + described()) + ", and the tensor given for it is " + tensor
                    + ".");
        }
    }

    private long extent(Dim dim) {
        return switch (dim) {
            case Dim.Fixed fixed -> fixed.extent();
            case Dim.Symbol symbol -> extents.getOrDefault(symbol, -1);
        };
    }

    private String described() {
        return String.join(
                ", ",
                extents.entrySet().stream()
                        .map(entry -> entry.getKey() + " = " + entry.getValue())
                        .sorted()
                        .toList());
    }

    private static TensorType contents(Type type) {
        return switch (type) {
            case TensorType tensor -> tensor;
            case StateType state -> state.contents();
        };
    }
}
