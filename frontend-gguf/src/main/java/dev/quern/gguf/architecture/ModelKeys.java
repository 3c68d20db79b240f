package dev.quern.gguf.architecture;

import static dev.quern.gguf.architecture.KnownKey.Scope.MODEL;

import dev.quern.gguf.architecture.Family.Cap;
import dev.quern.gguf.architecture.Family.Factors;
import dev.quern.gguf.architecture.Family.Scales;
import dev.quern.gguf.architecture.Family.Windows;
import java.util.List;
import java.util.Optional;

/** The keys that begin with the name of the architecture, and what becomes of each. */
final class ModelKeys {
    private static final List<String> ZERO = List.of("0");
    private static final List<String> ZERO_OR_ONE = List.of("0", "1");
    private static final List<String> FALSE = List.of("false", "0");
    private static final String EXPERTS = "experts choose their feed-forward weights by token";
    private static final String OF_EXPERTS = "only mixtures of experts read it, and those are refused";
    private static final String SWA = "layers with a sliding window have sizes of their own";
    private static final String OTHERS = "it belongs to another way of computing layers";

    private ModelKeys() {}

    static void addTo(KeyTable keys, Family family) {
        sizes(keys);
        attention(keys, family);
        rotation(keys, family);
        layers(keys, family);
    }

    private static void sizes(KeyTable keys) {
        keys.heeded(MODEL, "block_count", "how many layers there are");
        keys.heeded(MODEL, "context_length", "the most positions that a model is compiled for");
        keys.heeded(MODEL, "embedding_length", "the width of the stream between layers");
        keys.heeded(MODEL, "feed_forward_length", "the width inside a feed-forward block; equal in all layers");
        keys.heeded(
                MODEL,
                "vocab_size",
                "the number of tokens where the file has neither tokens nor an embedding; a warning where it differs");
        keys.harmless(MODEL, "embedding_length_out", "the width of embeddings, which are not computed");
    }

    private static void attention(KeyTable keys, Family family) {
        keys.heeded(MODEL, "attention.head_count", "query heads; equal in all layers");
        keys.heeded(MODEL, "attention.head_count_kv", "heads of keys and values; equal in all layers");
        keys.heeded(MODEL, "attention.key_length", "elements of a head");
        keys.heeded(MODEL, "attention.value_length", "elements of a head of values, which must be those of keys");
        keys.heeded(
                MODEL,
                "attention.scale",
                "by which products of queries and keys are multiplied; 0: one over the root of the head's length"
                        + (family.scales() == Scales.BY_KEYS ? "" : " (llama.cpp passes it over here)"));
        windows(keys, family);
        keys.refused(MODEL, "attention.causal", List.of("true", "1"), "tokens see those behind them");
        keys.refused(MODEL, "attention.max_alibi_bias", ZERO, "attention falls with distance");
        keys.refused(MODEL, "attention.clamp_kqv", ZERO, "queries, keys and values are clamped");
        cap(keys, "attn_logit_softcapping", family.attentionCap(), "products of queries and keys");
        keys.refused(MODEL, "attention.output_scale", ZERO_OR_ONE, "what attention gives is scaled");
        keys.refused(MODEL, "attention.value_scale", ZERO_OR_ONE, "values are scaled");
        if (family.sharpensWithPosition()) {
            keys.heeded(
                    MODEL,
                    "attention.temperature_scale",
                    "attention sharpens by it beyond the context of the first training; 0: it does not");
        } else {
            keys.refused(MODEL, "attention.temperature_scale", ZERO, "attention sharpens with the position");
        }
        keys.harmless(MODEL, "attention.temperature_length", "only attention.temperature_scale needs it");
        keys.refused(MODEL, "attention.key_length_swa", ZERO, SWA);
        keys.refused(MODEL, "attention.value_length_swa", ZERO, SWA);
        for (String ending : List.of(
                "q_lora_rank",
                "kv_lora_rank",
                "key_length_mla",
                "value_length_mla",
                "relative_buckets_count",
                "shared_kv_layers",
                "recurrent_layers",
                "indexer.head_count",
                "rope_pattern")) {
            keys.refused(MODEL, "attention." + ending, ZERO, OTHERS);
        }
    }

    private static void windows(KeyTable keys, Family family) {
        if (family.windows().isEmpty()) {
            keys.warned(
                    MODEL,
                    "attention.sliding_window",
                    ZERO,
                    "tokens see all positions, as in llama.cpp; converters write this window wrongly");
            keys.harmless(MODEL, "attention.sliding_window_pattern", "which layers have the window that none has");
            keys.refused(MODEL, "rope.freq_base_swa", ZERO, SWA);
            return;
        }
        Windows windows = family.windows().get();
        keys.heeded(
                MODEL,
                "attention.sliding_window",
                "how many positions a token sees in layers with a window; 0: no layer has one; " + windows.otherwise()
                        + " where the key is missing");
        keys.heeded(
                MODEL,
                "attention.sliding_window_pattern",
                "the last of so many layers sees all positions, or an array says of each layer whether it has a"
                        + " window; "
                        + (windows.period() == 0 ? "all have it" : windows.period())
                        + " where the key is missing");
        switch (windows.turning()) {
            case SAME ->
                keys.heeded(MODEL, "rope.freq_base_swa", "the base in layers with a window; 0: that of the others");
            case OWN_BASE -> keys.heeded(MODEL, "rope.freq_base_swa", "the base in layers with a window; 0: 10000");
            case UNSCALED -> keys.refused(MODEL, "rope.freq_base_swa", ZERO, SWA);
        }
    }

    private static void cap(KeyTable keys, String ending, Optional<Cap> rule, String what) {
        if (rule.isEmpty()) {
            keys.refused(MODEL, ending, ZERO, what + " are capped");
            return;
        }
        String otherwise = rule.get().otherwise() == 0
                ? "none"
                : String.valueOf((int) rule.get().otherwise());
        keys.heeded(MODEL, ending, what + " approach it; 0: they do not; " + otherwise + " where the key is missing");
    }

    private static void rotation(KeyTable keys, Family family) {
        keys.heeded(
                MODEL,
                "rope.dimension_count",
                family.turning().partial()
                        ? "rotated elements of a head; the others are left alone"
                        : "rotated elements of a head, which must be all of them");
        keys.heeded(MODEL, "rope.freq_base", "the base of the frequencies; 10000 where the key is missing");
        keys.heeded(
                MODEL,
                "rope.scaling.type",
                family.turning().factors() == Factors.NONE
                        ? "none, linear and yarn; others are refused"
                        : "none, linear, yarn and longrope; others are refused");
        keys.heeded(MODEL, "rope.scaling.factor", "by which positions are divided; 0: by nothing");
        keys.heeded(MODEL, "rope.scale_linear", "the same in older files");
        keys.heeded(MODEL, "rope.scaling.attn_factor", "rotated elements of queries and keys are multiplied by it");
        keys.refused(MODEL, "rope.scaling.alpha", ZERO_OR_ONE, "it scales the base of the frequencies");
        keys.refused(MODEL, "rope.dimension_sections", ZERO, "positions have several coordinates");
        keys.refused(MODEL, "rope.dimension_count_swa", ZERO, SWA);
        keys.heeded(
                MODEL,
                "rope.scaling.original_context_length",
                "the positions of the first training, by which yarn tells fast pairs from slow ones and by which long"
                        + " factors are chosen; context_length where the key is missing");
        if (family.turning().switched()) {
            keys.heeded(MODEL, "rope.scaling.finetuned", "false: positions turn nothing");
        } else {
            keys.harmless(MODEL, "rope.scaling.finetuned", "says how the model was trained");
        }
        keys.heeded(MODEL, "rope.scaling.yarn_beta_fast", "yarn leaves faster pairs alone; 32 where it is missing");
        keys.heeded(MODEL, "rope.scaling.yarn_beta_slow", "yarn scales slower pairs whole; 1 where it is missing");
        keys.heeded(
                MODEL,
                "rope.scaling.yarn_log_multiplier",
                "by which the growth of turned elements is divided with yarn");
        keys.warned(MODEL, "rope.scaling.yarn_ext_factor", ZERO_OR_ONE, "yarn mixes frequencies as it usually does");
        keys.warned(
                MODEL,
                "rope.scaling.yarn_attn_factor",
                ZERO,
                "turned elements grow with yarn as they usually do, as in llama.cpp");
    }

    private static void layers(KeyTable keys, Family family) {
        keys.heeded(MODEL, "attention.layer_norm_rms_epsilon", "what root mean squares add under the root");
        keys.harmless(MODEL, "attention.layer_norm_epsilon", "all normalisations are by root mean squares");
        keys.harmless(MODEL, "attention.group_norm_epsilon", "no normalisation is by groups");
        keys.harmless(MODEL, "attention.group_norm_groups", "no normalisation is by groups");
        keys.refused(
                MODEL,
                "hidden_activation",
                switch (family.activation()) {
                    case SILU -> List.of("silu", "swish");
                    case GELU -> List.of("gelu", "gelu_pytorch_tanh");
                    case GELU_ERF, SIGMOID, TANH, RELU -> List.of();
                },
                "the feed-forward block has another function");
        keys.refused(
                MODEL,
                "tensor_data_layout",
                List.of("Meta AI original pth", "reference"),
                "rows of queries and keys lie in another order");
        keys.refused(MODEL, "use_parallel_residual", FALSE, "both blocks of a layer read the same stream");
        cap(keys, "final_logit_softcapping", family.logitCap(), "logits");
        switch (family.scales()) {
            case NONE, ROOT_OF_WIDTH -> {
                keys.refused(MODEL, "logit_scale", ZERO_OR_ONE, "logits are scaled");
                keys.refused(MODEL, "embedding_scale", ZERO_OR_ONE, "embeddings are scaled");
                keys.refused(MODEL, "residual_scale", ZERO_OR_ONE, "what blocks add to the stream is scaled");
            }
            case BY_KEYS -> {
                keys.heeded(MODEL, "logit_scale", "by which logits are divided");
                keys.heeded(MODEL, "embedding_scale", "by which embeddings are multiplied; 0: by nothing");
                keys.heeded(
                        MODEL, "residual_scale", "by which is multiplied what blocks add to the stream; 0: by nothing");
            }
        }
        keys.refused(MODEL, "nextn_predict_layers", ZERO, "the last layers predict further tokens");
        keys.refused(MODEL, "expert_count", ZERO, EXPERTS);
        keys.refused(MODEL, "expert_used_count", ZERO, EXPERTS);
        keys.refused(MODEL, "expert_shared_count", ZERO, EXPERTS);
        keys.refused(MODEL, "expert_group_count", ZERO, EXPERTS);
        keys.refused(MODEL, "expert_group_used_count", ZERO, EXPERTS);
        for (String ending : List.of(
                "expert_feed_forward_length",
                "expert_shared_feed_forward_length",
                "expert_weights_scale",
                "expert_weights_norm",
                "expert_gating_func",
                "router_logit_softcapping",
                "interleave_moe_layer_step",
                "moe_every_n_layers",
                "leading_dense_block_count")) {
            keys.harmless(MODEL, ending, OF_EXPERTS);
        }
        for (String ending : List.of(
                "embedding_length_per_layer_input",
                "full_attention_interval",
                "rescale_every_n_layers",
                "swin_norm",
                "swiglu_clamp_exp",
                "swiglu_clamp_shexp",
                "n_deepstack_layers",
                "num_loops",
                "adapters.count",
                "hyper_connection.count",
                "ssm.conv_kernel",
                "ssm.state_size",
                "shortconv.l_cache",
                "decoder_block_count")) {
            keys.refused(MODEL, ending, FALSE, OTHERS);
        }
        keys.warned(MODEL, "pooling_type", ZERO, "the model was made for embeddings; text is what Quern makes with it");
        keys.harmless(MODEL, "classifier.output_labels", "classes are not computed");
        keys.harmless(MODEL, "decoder_start_token_id", "there is no encoder");
    }
}
