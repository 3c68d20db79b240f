package dev.quern.gguf.architecture;

import java.util.ArrayList;
import java.util.List;

/**
 * Tensors with which some family computes. What a model's description did not ask for and its file has nevertheless is
 * refused by name: without it the results would be others.
 */
final class RefusedTensors {
    private static final String BIASES = "Biases";
    private static final String SCALES = "Scales beside a matrix";
    private static final String NORMS = "Normalisations at this place";
    private static final String EXPERTS = "Mixtures of experts";

    private static final List<Refusal> OF_MODELS = List.of(
            new Refusal("output.bias", BIASES),
            new Refusal("output_norm.bias", BIASES),
            new Refusal("output.scale", SCALES),
            new Refusal("token_embd_norm.weight", NORMS),
            new Refusal("position_embd.weight", "Learned positions"),
            new Refusal("rope_freqs.weight", "Factors of frequencies"),
            new Refusal("rope_factors_long.weight", "Factors for long contexts"),
            new Refusal("rope_factors_short.weight", "Factors for short contexts"));

    private static final List<Refusal> OF_LAYERS = ofLayers();

    private RefusedTensors() {}

    /** A tensor, or the ending of the names of one in each layer, and what cannot be computed: a plural. */
    private record Refusal(String name, String what) {}

    private static List<Refusal> ofLayers() {
        List<Refusal> all = new ArrayList<>();
        for (String product :
                List.of("attn_q", "attn_k", "attn_v", "attn_qkv", "attn_output", "ffn_gate", "ffn_up", "ffn_down")) {
            all.add(new Refusal(product + ".bias", BIASES));
            all.add(new Refusal(product + ".scale", SCALES));
            all.add(new Refusal(product + ".input_scale", SCALES));
        }
        all.add(new Refusal("attn_norm.bias", BIASES));
        all.add(new Refusal("ffn_norm.bias", BIASES));
        all.add(new Refusal("attn_qkv.weight", "Queries, keys and values in one matrix"));
        all.add(new Refusal("attn_sinks.weight", "Attention sinks"));
        for (String experts : List.of(
                "ffn_gate_inp",
                "ffn_gate_exps",
                "ffn_up_exps",
                "ffn_down_exps",
                "ffn_gate_shexp",
                "ffn_up_shexp",
                "ffn_down_shexp")) {
            all.add(new Refusal(experts + ".weight", EXPERTS));
        }
        for (String norm : List.of(
                "attn_norm",
                "ffn_norm",
                "attn_q_norm",
                "attn_k_norm",
                "attn_sub_norm",
                "attn_norm_2",
                "attn_output_norm",
                "ffn_sub_norm",
                "post_attention_norm",
                "post_ffw_norm",
                "layer_output_norm")) {
            all.add(new Refusal(norm + ".weight", NORMS));
        }
        return List.copyOf(all);
    }

    /** Refuses those that nobody asked the table for. */
    static void check(WeightTable table, int layers) {
        OF_MODELS.forEach(each -> table.refuseUnlessAsked(each.name(), each.what()));
        for (int layer = 0; layer < layers; layer++) {
            for (Refusal each : OF_LAYERS) {
                table.refuseUnlessAsked("blk." + layer + "." + each.name(), each.what());
            }
        }
    }
}
