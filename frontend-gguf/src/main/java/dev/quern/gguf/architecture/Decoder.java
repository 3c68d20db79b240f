package dev.quern.gguf.architecture;

import dev.quern.ir.Rotation;
import dev.quern.ir.TensorOp.Attention;
import java.util.List;
import java.util.Optional;

/**
 * A model, layer by layer: what its graph is built from, weights aside.
 *
 * <pre>
 *   x = embeddingScale * embed(tokens)
 *   for each layer:  x = x + residualScale * attention(x);  x = x + residualScale * feedForward(x)
 *   logits = cap(logitScale * norm(x) * outputᵀ)
 * </pre>
 *
 * @param family what it has in common with others
 * @param sizes the numbers that all layers share
 * @param layers in the order in which they run
 * @param scales of what flows from layer to layer
 * @param attentionCap which products of queries and keys approach
 * @param sharpening how products of queries and keys grow with the position, if they do
 * @param logitCap which logits approach
 * @param originalContext the positions that the model was trained for before its context was extended
 * @param factorsByContext whether frequencies are divided by other factors in contexts longer than that
 */
record Decoder(
        Family family,
        Hyperparameters sizes,
        List<Layer> layers,
        Scales scales,
        Optional<Float> attentionCap,
        Optional<Attention.Sharpening> sharpening,
        Optional<Float> logitCap,
        int originalContext,
        boolean factorsByContext) {
    Decoder {
        layers = List.copyOf(layers);
    }

    /**
     * How a layer mixes positions; the rest is the same in all layers.
     *
     * @param rotation how positions turn queries and keys; nothing where they do not
     * @param window how many positions a token sees, its own among them; nothing where it sees all before it
     */
    record Layer(Optional<Rotation> rotation, Optional<Integer> window) {}

    /**
     * By what is multiplied: 1 where nothing is.
     *
     * @param embedding embeddings
     * @param residual what a block adds to the stream
     * @param logits logits
     */
    record Scales(float embedding, float residual, float logits) {}
}
