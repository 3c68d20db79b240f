package dev.quern.gguf.architecture;

import dev.quern.ir.Rotation;
import dev.quern.ir.Rotation.Pairing;
import dev.quern.ir.Rotation.Yarn;
import java.util.Optional;

/**
 * How positions turn queries and keys; {@link Rotation} says what is computed of it.
 *
 * @param dimensions elements of each head that are turned, even
 * @param base of the frequencies
 * @param scale of the position: 1, or 1 / factor where the context was extended
 * @param yarn which frequencies are scaled; all, if absent
 * @param magnitude by which turned elements are multiplied
 */
public record RotaryEmbedding(int dimensions, float base, float scale, Optional<Yarn> yarn, float magnitude) {
    /** The same rotation with another base, of a context that was not extended. */
    RotaryEmbedding unscaled(float otherBase) {
        return new RotaryEmbedding(dimensions, otherBase, 1, Optional.empty(), 1);
    }

    /** The same rotation with another base. */
    RotaryEmbedding with(float otherBase) {
        return new RotaryEmbedding(dimensions, otherBase, scale, yarn, magnitude);
    }

    /** The rotation of heads of that length. */
    Rotation of(int headLength, Pairing pairing) {
        return new Rotation(headLength, dimensions, base, scale, pairing, yarn, magnitude);
    }
}
