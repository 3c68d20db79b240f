package dev.quern.gguf.architecture;

import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All weights of a model. Which tensors there must be, and of which shapes, follows from the model's description; what
 * the format has names for and the description does not ask for is refused if the file has it
 * ({@link RefusedTensors}).
 *
 * @param embedding {@code [vocabulary, E]}
 * @param layers in the order in which they run
 * @param outputNorm gains {@code [E]}
 * @param output {@code [vocabulary, E]}: the embedding where the file has no output matrix
 * @param frequencyFactors {@code [rotary / 2]}, by which frequencies are divided
 */
record DecoderWeights(
        Value embedding, List<LayerWeights> layers, Value outputNorm, Value output, Optional<Value> frequencyFactors) {
    DecoderWeights {
        layers = List.copyOf(layers);
    }

    /** Asks the table for every tensor. */
    static DecoderWeights of(WeightTable table, Decoder decoder) {
        Hyperparameters sizes = decoder.sizes();
        int width = sizes.embeddingLength();
        Value embedding = table.matrix("token_embd.weight", sizes.vocabulary(), width);
        Optional<Value> factors = table.has("rope_freqs.weight")
                ? Optional.of(table.vector("rope_freqs.weight", sizes.rotary().dimensions() / 2))
                : Optional.empty();
        var layers = new ArrayList<LayerWeights>();
        for (int layer = 0; layer < decoder.layers().size(); layer++) {
            layers.add(layer(table, sizes, "blk." + layer + "."));
        }
        Value outputNorm = table.vector("output_norm.weight", width);
        Value output =
                table.has("output.weight") ? table.matrix("output.weight", sizes.vocabulary(), width) : embedding;
        RefusedTensors.check(table, decoder.layers().size());
        return new DecoderWeights(embedding, layers, outputNorm, output, factors);
    }

    private static LayerWeights layer(WeightTable table, Hyperparameters sizes, String prefix) {
        int width = sizes.embeddingLength();
        int inner = sizes.feedForwardLength();
        return new LayerWeights(
                table.vector(prefix + "attn_norm.weight", width),
                table.matrix(prefix + "attn_q.weight", sizes.queryLength(), width),
                table.matrix(prefix + "attn_k.weight", sizes.keyValueLength(), width),
                table.matrix(prefix + "attn_v.weight", sizes.keyValueLength(), width),
                table.matrix(prefix + "attn_output.weight", width, sizes.queryLength()),
                table.vector(prefix + "ffn_norm.weight", width),
                table.matrix(prefix + "ffn_gate.weight", inner, width),
                table.matrix(prefix + "ffn_up.weight", inner, width),
                table.matrix(prefix + "ffn_down.weight", width, inner));
    }
}
