package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.OutputMatrix;
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
        for (int layer = 0; layer < sizes.layers(); layer++) {
            layers.add(new LayerTensors(table, decoder, "blk." + layer + ".").read());
        }
        Value outputNorm = table.vector("output_norm.weight", width);
        boolean own = decoder.family().output() == OutputMatrix.REQUIRED || table.has("output.weight");
        Value output = own ? table.matrix("output.weight", sizes.vocabulary(), width) : embedding;
        RefusedTensors.check(table, sizes.layers());
        return new DecoderWeights(embedding, layers, outputNorm, output, factors);
    }
}
