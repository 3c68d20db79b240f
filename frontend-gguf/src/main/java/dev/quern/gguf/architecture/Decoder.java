package dev.quern.gguf.architecture;

import dev.quern.ir.Rotation;
import java.util.List;
import java.util.Optional;

/**
 * A model, layer by layer: what its graph is built from, weights aside.
 *
 * <pre>
 *   x = embed(tokens)
 *   for each layer:  x = x + attention(x);  x = x + feedForward(x)
 *   logits = norm(x) * outputᵀ
 * </pre>
 *
 * @param sizes the numbers that all layers share
 * @param layers in the order in which they run
 */
record Decoder(Hyperparameters sizes, List<Layer> layers) {
    Decoder {
        layers = List.copyOf(layers);
    }

    /** One layer. */
    record Layer(Attention attention) {}

    /**
     * How a layer mixes positions.
     *
     * @param rotation how positions turn queries and keys; nothing where they do not
     * @param scale by which products of queries and keys are multiplied
     */
    record Attention(Optional<Rotation> rotation, float scale) {}
}
