package dev.quern.ir;

import java.util.List;
import java.util.Optional;

/**
 * A constant matrix or vector of the module.
 *
 * @param name printed {@code @name}
 * @param type encoding and shape
 * @param source where its numbers come from
 * @param storage how it is kept for the device; absent at the {@code tensor} stage, from {@code dispatch} on present if
 *     a kernel binds it
 */
public record Weight(String name, TensorType type, Source source, Optional<Storage> storage) {
    /** A weight out of the model file, whose storage is not decided yet. */
    public Weight(String name, TensorType type, List<String> tensors) {
        this(name, type, new Source.Tensors(tensors), Optional.empty());
    }

    /** Where the numbers of a weight come from. */
    public sealed interface Source {
        /**
         * The model file.
         *
         * @param names of the tensors whose rows, one after another, are the rows of the weight
         */
        record Tensors(List<String> names) implements Source {
            public Tensors {
                names = List.copyOf(names);
            }
        }

        /**
         * Computed: cosine and sine, side by side, of the angle by which a {@link Rotation} turns each pair at each
         * position. The weight is {@code f32[positions, rotary]}.
         *
         * @param base of the frequencies, as of the rotation
         * @param scale of the position, as of the rotation
         * @param factors the name of the weight by whose elements frequencies are divided
         */
        record Rotations(float base, float scale, Optional<String> factors) implements Source {}
    }

    /** The names of the tensors of which the weight is made; none if it is computed. */
    public List<String> sources() {
        return switch (source) {
            case Source.Tensors tensors -> tensors.names();
            case Source.Rotations computed -> List.of();
        };
    }

    /** The same weight, kept in this way. */
    public Weight with(Storage newStorage) {
        return new Weight(name, type, source, Optional.of(newStorage));
    }

    /** The value that operations use. */
    public Value value() {
        return Value.weight(name, type);
    }
}
