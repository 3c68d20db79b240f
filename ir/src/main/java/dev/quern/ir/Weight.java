package dev.quern.ir;

import java.util.List;
import java.util.Optional;

/**
 * A constant matrix or vector of the module.
 *
 * @param name printed {@code @name}
 * @param type encoding and shape
 * @param sources the names of the tensors in the model file whose rows, one after another, are the rows of this weight
 * @param storage how it is kept for the device; absent at the {@code tensor} stage, present from {@code dispatch} on
 */
public record Weight(String name, TensorType type, List<String> sources, Optional<Storage> storage) {
    public Weight {
        sources = List.copyOf(sources);
    }

    /** A weight whose storage is not decided yet. */
    public Weight(String name, TensorType type, List<String> sources) {
        this(name, type, sources, Optional.empty());
    }

    /** The same weight, kept in this way. */
    public Weight with(Storage newStorage) {
        return new Weight(name, type, sources, Optional.of(newStorage));
    }

    /** The value that operations use. */
    public Value value() {
        return Value.weight(name, type);
    }
}
