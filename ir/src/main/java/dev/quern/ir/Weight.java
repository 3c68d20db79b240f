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
        this(name, type, Source.Tensors.whole(tensors), Optional.empty());
    }

    /** Where the numbers of a weight come from. */
    public sealed interface Source {
        /**
         * The model file.
         *
         * @param parts the tensors whose rows, one after another, are the rows of the weight
         */
        record Tensors(List<Part> parts) implements Source {
            public Tensors {
                parts = List.copyOf(parts);
            }

            /** All rows of these tensors. */
            public static Tensors whole(List<String> names) {
                return new Tensors(names.stream()
                        .map(name -> new Part(name, Optional.empty()))
                        .toList());
            }
        }

        /**
         * Computed: cosine and sine, side by side, of the angle by which a {@link Rotation} turns each pair at each
         * position. The weight is {@code f32[positions, rotary]}.
         *
         * @param base of the frequencies, as of the rotation
         * @param scale of the position, as of the rotation
         * @param yarn as of the rotation
         * @param magnitude as of the rotation
         * @param factors the name of the weight by whose elements frequencies are divided
         */
        record Rotations(
                float base, float scale, Optional<Rotation.Yarn> yarn, float magnitude, Optional<String> factors)
                implements Source {

            /** What the heads are turned by that a rotation describes. */
            public static Rotations of(Rotation rotation, Optional<String> factors) {
                return new Rotations(rotation.base(), rotation.scale(), rotation.yarn(), rotation.magnitude(), factors);
            }
        }
    }

    /**
     * A tensor of the model file, or some of its rows.
     *
     * @param tensor its name
     * @param rows those that are meant; empty for all
     */
    public record Part(String tensor, Optional<RowRange> rows) {
        /** Some rows of what this part has. */
        public Part rows(RowRange range) {
            long before = rows.map(RowRange::first).orElse(0L);
            return new Part(tensor, Optional.of(new RowRange(before + range.first(), range.count())));
        }
    }

    /**
     * Rows that follow each other.
     *
     * @param first counted from 0
     * @param count at least 1
     */
    public record RowRange(long first, long count) {
        public RowRange {
            if (first < 0 || count < 1 || count > Long.MAX_VALUE - first) {
                throw new IllegalArgumentException(
                        "a range has at least one row, and its first is not negative: not " + count + " from " + first);
            }
        }

        /** The row behind the last. */
        public long end() {
            return first + count;
        }
    }

    /** The tensors, or rows of them, of which the weight is made; none if it is computed. */
    public List<Part> parts() {
        return switch (source) {
            case Source.Tensors tensors -> tensors.parts();
            case Source.Rotations computed -> List.of();
        };
    }

    /** The names of the tensors of which the weight is made; none if it is computed. */
    public List<String> sources() {
        return parts().stream().map(Part::tensor).toList();
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
