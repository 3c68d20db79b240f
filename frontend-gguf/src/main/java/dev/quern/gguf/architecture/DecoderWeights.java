package dev.quern.gguf.architecture;

import dev.quern.gguf.architecture.Family.Bias;
import dev.quern.gguf.architecture.Family.Factors;
import dev.quern.gguf.architecture.LayerWeights.Product;
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
 * @param output {@code [vocabulary, E]}: the embedding where the file has no output matrix; and the bias of logits
 * @param frequencyFactors {@code [rotary / 2]}, by which frequencies are divided
 */
record DecoderWeights(
        Value embedding,
        List<LayerWeights> layers,
        Value outputNorm,
        Product output,
        Optional<Value> frequencyFactors) {
    private static final String FACTORS = "rope_freqs.weight";
    private static final String LONG_FACTORS = "rope_factors_long.weight";
    private static final String SHORT_FACTORS = "rope_factors_short.weight";

    DecoderWeights {
        layers = List.copyOf(layers);
    }

    /**
     * Asks the table for every tensor.
     *
     * @param context positions that the model serves for, on which depends by what frequencies are divided
     */
    static DecoderWeights of(WeightTable table, Decoder decoder, long context) {
        Hyperparameters sizes = decoder.sizes();
        int width = sizes.embeddingLength();
        Value embedding = table.matrix("token_embd.weight", sizes.vocabulary(), width);
        Optional<Value> factors = factors(table, decoder, context);
        var layers = new ArrayList<LayerWeights>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            layers.add(new LayerTensors(table, decoder, "blk." + layer + ".").read());
        }
        Value outputNorm = table.vector("output_norm.weight", width);
        Value output = ownOutput(table, decoder.family())
                ? table.matrix("output.weight", sizes.vocabulary(), width)
                : embedding;
        Optional<Value> bias = decoder.family().biases().contains(Bias.LOGITS) && table.has("output.bias")
                ? Optional.of(table.vector("output.bias", sizes.vocabulary()))
                : Optional.empty();
        RefusedTensors.check(table, sizes.layers());
        return new DecoderWeights(embedding, layers, outputNorm, new Product(output, bias), factors);
    }

    private static boolean ownOutput(WeightTable table, Family family) {
        return switch (family.output()) {
            case OPTIONAL -> table.has("output.weight");
            case REQUIRED -> true;
            case NONE -> false;
        };
    }

    private static Optional<Value> factors(WeightTable table, Decoder decoder, long context) {
        int pairs = decoder.sizes().rotary().dimensions() / 2;
        if (decoder.factorsByContext()) {
            return factorsByContext(table, pairs, context > decoder.originalContext());
        }
        boolean divided = decoder.family().turning().factors() == Factors.BY_TYPE && table.has(FACTORS);
        return divided ? Optional.of(table.vector(FACTORS, pairs)) : Optional.empty();
    }

    /** Of the two vectors of a model with a long context, both are looked at and one is used. */
    private static Optional<Value> factorsByContext(WeightTable table, int pairs, boolean extended) {
        if (!table.has(LONG_FACTORS) && !table.has(SHORT_FACTORS)) {
            return Optional.empty();
        }
        table.unused(extended ? SHORT_FACTORS : LONG_FACTORS, pairs);
        return Optional.of(table.vector(extended ? LONG_FACTORS : SHORT_FACTORS, pairs));
    }
}
