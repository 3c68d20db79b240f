package dev.quern.gguf.architecture;

import dev.quern.ir.Rotation;
import java.util.List;
import java.util.Optional;

/**
 * A model, layer by layer: what its graph is built from, weights aside.
 *
 * <pre>
 *   x = embeddingScale * embed(tokens)
 *   for each layer:  x = x + residualScale * attention(x);  x = x + residualScale * feedForward(x)
 *   logits = logitScale * norm(x) * outputᵀ
 * </pre>
 *
 * @param family what it has in common with others
 * @param sizes the numbers that all layers share
 * @param embeddingScale by which embeddings are multiplied
 * @param layers in the order in which they run
 * @param residualScale by which is multiplied what a block adds to the stream
 * @param logitScale by which logits are multiplied
 */
record Decoder(
        Family family,
        Hyperparameters sizes,
        float embeddingScale,
        List<Layer> layers,
        float residualScale,
        float logitScale) {
    Decoder {
        layers = List.copyOf(layers);
    }

    /**
     * How a layer mixes positions; the rest is the same in all layers.
     *
     * @param rotation how positions turn queries and keys; nothing where they do not
     * @param scale by which products of queries and keys are multiplied
     */
    record Layer(Optional<Rotation> rotation, float scale) {}
}
