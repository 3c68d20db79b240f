package dev.quern.ir;

import java.util.List;

/**
 * A constant matrix or vector of the module.
 *
 * @param name printed {@code @name}
 * @param type encoding and shape
 * @param sources the names of the tensors in the model file whose rows, one after another, are the rows of this weight
 */
public record Weight(String name, TensorType type, List<String> sources) {
    public Weight {
        sources = List.copyOf(sources);
    }

    /** The value that operations use. */
    public Value value() {
        return Value.weight(name, type);
    }
}
