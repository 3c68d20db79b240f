package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufFile;
import dev.quern.ir.Dim;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.FunctionBuilder;
import dev.quern.ir.Module;
import dev.quern.ir.Rotation;
import dev.quern.ir.Stage;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorOp.ArgMax;
import dev.quern.ir.TensorOp.Embed;
import dev.quern.ir.TensorOp.MatMul;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code llama}: Llama 2 and 3, Mistral, SmolLM2, TinyLlama and what was trained in their form.
 *
 * <pre>
 *   x = embed(tokens)
 *   for each layer:  x = x + output(attention(rope(query), rope(key), value))     of rms_norm(x)
 *                    x = x + down(silu(gate) * up)                                of rms_norm(x)
 *   logits = rms_norm(x) * outputᵀ            the table of the embedding where the file has no output matrix
 * </pre>
 *
 * <p>Rotated pairs are adjacent elements: the converters put the rows of queries and keys in that order. The long
 * context of Llama 3.1 is a tensor of factors by which frequencies are divided, {@code rope_freqs.weight}.
 */
final class LlamaArchitecture implements Architecture {
    private static final List<String> BIASES =
            List.of("attn_q", "attn_k", "attn_v", "attn_qkv", "attn_output", "ffn_gate", "ffn_up", "ffn_down");
    private static final List<String> NORMS = List.of(
            "attn_q_norm",
            "attn_k_norm",
            "attn_sub_norm",
            "attn_norm_2",
            "attn_output_norm",
            "ffn_sub_norm",
            "post_attention_norm",
            "post_ffw_norm",
            "layer_output_norm");
    private static final List<String> EXPERTS = List.of(
            "ffn_gate_inp",
            "ffn_gate_exps",
            "ffn_up_exps",
            "ffn_down_exps",
            "ffn_gate_shexp",
            "ffn_up_shexp",
            "ffn_down_shexp");

    /** All weights of a model. */
    private record Weights(
            Value embedding,
            List<LayerWeights> layers,
            Value outputNorm,
            Value output,
            Optional<Value> frequencyFactors) {}

    @Override
    public String name() {
        return "llama";
    }

    @Override
    public Hyperparameters hyperparameters(GgufFile file, Findings findings) {
        return new HyperparameterReader(file, name(), findings).read();
    }

    @Override
    public void checkTensors(GgufFile file, Hyperparameters hyperparameters, Findings findings) {
        var table = new WeightTable(file, findings);
        weights(table, hyperparameters);
        table.finish();
    }

    @Override
    public Module build(GgufFile file, GraphOptions options) {
        var findings = new Findings();
        Hyperparameters sizes = hyperparameters(file, findings);
        var table = new WeightTable(file, findings);
        Weights weights = weights(table, sizes);
        table.finish();
        findings.throwIfErrors();
        var tokens = new Dim.Symbol("tokens", options.chunk());
        return new Module(
                sizes.name(),
                Stage.TENSOR,
                List.of(tokens),
                table.weights(),
                List.of(
                        forward("prefill", tokens, false, weights, sizes, options),
                        forward("step", new Dim.Fixed(1), true, weights, sizes, options),
                        pick(sizes)));
    }

    private static Weights weights(WeightTable table, Hyperparameters sizes) {
        int width = sizes.embeddingLength();
        Value embedding = table.matrix("token_embd.weight", sizes.vocabulary(), width);
        Optional<Value> factors = table.has("rope_freqs.weight")
                ? Optional.of(table.vector("rope_freqs.weight", sizes.rotary().dimensions() / 2))
                : Optional.empty();
        var layers = new ArrayList<LayerWeights>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            layers.add(layer(table, sizes, "blk." + layer + "."));
        }
        Value outputNorm = table.vector("output_norm.weight", width);
        Value output =
                table.has("output.weight") ? table.matrix("output.weight", sizes.vocabulary(), width) : embedding;
        table.refuse("output.bias", "Biases");
        table.refuse("output_norm.bias", "Biases");
        table.refuse("output.scale", "Scales beside a matrix");
        table.refuse("token_embd_norm.weight", "Normalisations at this place");
        table.refuse("position_embd.weight", "Learned positions");
        table.refuse("rope_factors_long.weight", "Factors for long contexts");
        table.refuse("rope_factors_short.weight", "Factors for short contexts");
        return new Weights(embedding, layers, outputNorm, output, factors);
    }

    private static LayerWeights layer(WeightTable table, Hyperparameters sizes, String prefix) {
        int width = sizes.embeddingLength();
        int inner = sizes.feedForwardLength();
        BIASES.forEach(each -> {
            table.refuse(prefix + each + ".bias", "Biases");
            table.refuse(prefix + each + ".scale", "Scales beside a matrix");
            table.refuse(prefix + each + ".input_scale", "Scales beside a matrix");
        });
        table.refuse(prefix + "attn_norm.bias", "Biases");
        table.refuse(prefix + "ffn_norm.bias", "Biases");
        table.refuse(prefix + "attn_qkv.weight", "Queries, keys and values in one matrix");
        table.refuse(prefix + "attn_sinks.weight", "Attention sinks");
        EXPERTS.forEach(each -> table.refuse(prefix + each + ".weight", "Mixtures of experts"));
        NORMS.forEach(each -> table.refuse(prefix + each + ".weight", "Normalisations at this place"));
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

    private static Function forward(
            String name, Dim rows, boolean withLogits, Weights weights, Hyperparameters sizes, GraphOptions options) {
        var function = new FunctionBuilder(name);
        Value tokens = function.parameter("tokens", new TensorType(Encoding.Scalar.U32, List.of(rows)));
        Value position = function.parameter("position", TensorType.of(Encoding.Scalar.U32, 1));
        var state = new StateType(TensorType.of(options.cache(), options.context(), sizes.keyValueLength()));
        var caches = new ArrayList<Blocks.Cache>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            caches.add(new Blocks.Cache(
                    function.parameter(layerName(layer) + ".keys", state),
                    function.parameter(layerName(layer) + ".values", state)));
        }
        var blocks = new Blocks(function, sizes, position, Rotation.Pairing.ADJACENT, weights.frequencyFactors());
        Value stream = function.add("embedding", new Embed(tokens, weights.embedding()));
        var states = new ArrayList<Value>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            LayerWeights layerWeights = weights.layers().get(layer);
            Blocks.Attended attended = blocks.attention(layerName(layer), stream, layerWeights, caches.get(layer));
            states.add(attended.cache().keys());
            states.add(attended.cache().values());
            stream = blocks.feedForward(layerName(layer), attended.stream(), layerWeights);
        }
        var results = new ArrayList<Value>();
        if (withLogits) {
            Value normed = blocks.norm("output_norm", stream, weights.outputNorm());
            results.add(function.add("logits", new MatMul(normed, weights.output())));
        }
        results.addAll(states);
        return function.build(results);
    }

    /** The token with the largest logit. */
    private static Function pick(Hyperparameters sizes) {
        var function = new FunctionBuilder("pick");
        Value logits = function.parameter("logits", TensorType.f32(new Dim.Fixed(1), sizes.vocabulary()));
        return function.build(List.of(function.add("token", new ArgMax(logits))));
    }

    private static String layerName(int layer) {
        return "layer" + layer;
    }
}
