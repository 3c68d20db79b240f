package dev.quern.gguf.architecture;

import static dev.quern.gguf.architecture.KnownKey.Scope.GENERAL;
import static dev.quern.gguf.architecture.KnownKey.Scope.MODEL;
import static dev.quern.gguf.architecture.KnownKey.Scope.SPLIT;
import static dev.quern.gguf.architecture.KnownKey.Scope.TOKENIZER;
import static dev.quern.gguf.architecture.KnownKey.Treatment.HARMLESS;
import static dev.quern.gguf.architecture.KnownKey.Treatment.HEEDED;
import static dev.quern.gguf.architecture.KnownKey.Treatment.REFUSED;
import static dev.quern.gguf.architecture.KnownKey.Treatment.WARNED;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufMetadata;
import dev.quern.gguf.architecture.KnownKey.Scope;
import dev.quern.gguf.architecture.KnownKey.Treatment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every key that readers of models of the architecture {@code llama} look at, and its kin from other architectures,
 * each settled: heeded, refused where its value would change what is computed, warned of, or harmless. A key of the
 * architecture that is not here is warned of, so that none is passed over in silence.
 */
public final class KnownKeys {
    private static final List<String> ZERO = List.of("0");
    private static final List<String> ZERO_OR_ONE = List.of("0", "1");
    private static final List<String> FALSE = List.of("false", "0");
    private static final String EXPERTS = "experts choose their feed-forward weights by token";
    private static final String OF_EXPERTS = "only mixtures of experts read it, and those are refused";
    private static final String OF_YARN = "only the scalings yarn and longrope read it, and those are refused";
    private static final String SWA = "layers with a sliding window have sizes of their own";
    private static final String OTHERS = "it belongs to another way of computing layers";
    private static final String OTHER_TOKENIZERS = "only other kinds of tokenizer read it";
    private static final String FILL = "its token is remembered; filling in the middle is no command of Quern";

    /** All keys, in the order of the documentation. */
    public static final List<KnownKey> ALL = all();

    private KnownKeys() {}

    private static List<KnownKey> all() {
        var keys = new Table();
        sizes(keys);
        attention(keys);
        rotation(keys);
        layers(keys);
        tokenizer(keys);
        file(keys);
        return List.copyOf(keys.rows);
    }

    private static void sizes(Table keys) {
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

    private static void attention(Table keys) {
        keys.heeded(MODEL, "attention.head_count", "query heads; equal in all layers");
        keys.heeded(MODEL, "attention.head_count_kv", "heads of keys and values; equal in all layers");
        keys.heeded(MODEL, "attention.key_length", "elements of a head");
        keys.heeded(MODEL, "attention.value_length", "elements of a head of values, which must be those of keys");
        keys.heeded(
                MODEL,
                "attention.scale",
                "by which products of queries and keys are multiplied; 0: one over the root of the head's length"
                        + " (llama.cpp passes it over here)");
        keys.heeded(
                MODEL,
                "attention.sliding_window",
                "the model is compiled for so many positions at most, among which the window hides none; 0: no window");
        keys.harmless(
                MODEL, "attention.sliding_window_pattern", "which layers have the window, within which none differs");
        keys.refused(MODEL, "attention.causal", List.of("true", "1"), "tokens see those behind them");
        keys.refused(MODEL, "attention.max_alibi_bias", ZERO, "attention falls with distance");
        keys.refused(MODEL, "attention.clamp_kqv", ZERO, "queries, keys and values are clamped");
        keys.refused(MODEL, "attn_logit_softcapping", ZERO, "products of queries and keys are capped");
        keys.refused(MODEL, "attention.output_scale", ZERO_OR_ONE, "what attention gives is scaled");
        keys.refused(MODEL, "attention.value_scale", ZERO_OR_ONE, "values are scaled");
        keys.refused(MODEL, "attention.temperature_scale", ZERO, "attention sharpens with the position");
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

    private static void rotation(Table keys) {
        keys.heeded(MODEL, "rope.dimension_count", "rotated elements of a head, which must be all of them");
        keys.heeded(MODEL, "rope.freq_base", "the base of the frequencies; 10000 where the key is missing");
        keys.heeded(MODEL, "rope.scaling.type", "none and linear; others are refused");
        keys.heeded(MODEL, "rope.scaling.factor", "by which positions are divided; 0: by nothing");
        keys.heeded(MODEL, "rope.scale_linear", "the same in older files");
        keys.heeded(
                MODEL,
                "rope.scaling.attn_factor",
                "rotated queries and keys are multiplied by it: its square is part of the attention's scale");
        keys.refused(MODEL, "rope.scaling.alpha", ZERO_OR_ONE, "it scales the base of the frequencies");
        keys.refused(MODEL, "rope.dimension_sections", ZERO, "positions have several coordinates");
        keys.refused(MODEL, "rope.dimension_count_swa", ZERO, SWA);
        keys.refused(MODEL, "rope.freq_base_swa", ZERO, SWA);
        keys.harmless(MODEL, "rope.scaling.original_context_length", OF_YARN);
        keys.harmless(MODEL, "rope.scaling.finetuned", "says how the model was trained");
        for (String ending : List.of("ext_factor", "attn_factor", "beta_fast", "beta_slow", "log_multiplier")) {
            keys.harmless(MODEL, "rope.scaling.yarn_" + ending, OF_YARN);
        }
    }

    private static void layers(Table keys) {
        keys.heeded(MODEL, "attention.layer_norm_rms_epsilon", "what root mean squares add under the root");
        keys.harmless(MODEL, "attention.layer_norm_epsilon", "all normalisations are by root mean squares");
        keys.harmless(MODEL, "attention.group_norm_epsilon", "no normalisation is by groups");
        keys.harmless(MODEL, "attention.group_norm_groups", "no normalisation is by groups");
        keys.refused(
                MODEL, "hidden_activation", List.of("silu", "swish"), "the feed-forward block has another function");
        keys.refused(
                MODEL,
                "tensor_data_layout",
                List.of("Meta AI original pth", "reference"),
                "rows of queries and keys lie in another order");
        keys.refused(MODEL, "use_parallel_residual", FALSE, "both blocks of a layer read the same stream");
        keys.refused(MODEL, "logit_scale", ZERO_OR_ONE, "logits are scaled");
        keys.refused(MODEL, "final_logit_softcapping", ZERO, "logits are capped");
        keys.refused(MODEL, "embedding_scale", ZERO_OR_ONE, "embeddings are scaled");
        keys.refused(MODEL, "residual_scale", ZERO_OR_ONE, "what blocks add to the stream is scaled");
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

    private static void tokenizer(Table keys) {
        keys.heeded(TOKENIZER, "ggml.model", "llama and gpt2; others are refused");
        keys.heeded(TOKENIZER, "ggml.pre", "how byte pairs cut words; names that are not built are refused");
        keys.heeded(TOKENIZER, "ggml.tokens", "the tokens");
        keys.heeded(
                TOKENIZER,
                "ggml.scores",
                "SentencePiece chooses by them, of any type of number; all 0 where the key is missing; byte pairs"
                        + " never look");
        keys.heeded(
                TOKENIZER, "ggml.token_type", "integers of any width; unknown ones stand for no text, with a warning");
        keys.heeded(TOKENIZER, "ggml.merges", "byte pairs merge by them");
        for (String role : List.of("bos", "eos", "eot", "eom", "unknown")) {
            keys.heeded(
                    TOKENIZER,
                    "ggml." + role + "_token_id",
                    "outside the vocabulary it is as if it were missing, with a warning");
        }
        keys.heeded(
                TOKENIZER, "ggml.add_bos_token", "whether a prompt begins with the beginning token, if there is one");
        keys.heeded(TOKENIZER, "ggml.add_eos_token", "whether a text ends with the end token, if there is one");
        keys.heeded(TOKENIZER, "ggml.add_space_prefix", "whether SentencePiece puts a space before text");
        keys.heeded(TOKENIZER, "chat_template", "kept as it is; a warning where it is no template");
        keys.warned(TOKENIZER, "ggml.suppress_tokens", List.of(), "these tokens are not kept from being chosen");
        for (String role : List.of("seperator", "padding", "cls", "mask")) {
            keys.harmless(TOKENIZER, "ggml." + role + "_token_id", "its token plays no part in generating text");
        }
        for (String role : List.of("pre", "suf", "mid", "pad", "rep", "sep")) {
            keys.harmless(TOKENIZER, "ggml.fim_" + role + "_token_id", FILL);
        }
        for (String role : List.of("prefix", "suffix", "middle")) {
            keys.harmless(TOKENIZER, "ggml." + role + "_token_id", FILL);
        }
        for (String ending : List.of(
                "add_sep_token",
                "remove_extra_whitespaces",
                "precompiled_charsmap",
                "token_type_count",
                "normalizer.lowercase",
                "normalizer.strip_accents")) {
            keys.harmless(TOKENIZER, "ggml." + ending, OTHER_TOKENIZERS);
        }
        keys.harmless(TOKENIZER, "huggingface.json", "the other keys say the same");
        keys.harmless(TOKENIZER, "rwkv.world", OTHER_TOKENIZERS);
        keys.harmless(TOKENIZER, "chat_templates", "the names of further templates");
    }

    private static void file(Table keys) {
        keys.heeded(GENERAL, "architecture", "which graph is built");
        keys.refused(
                GENERAL, "type", List.of("model"), "the file is no model but an addition to one, or data about one");
        keys.heeded(GENERAL, "alignment", "where tensors lie; 32 where the key is missing");
        keys.heeded(GENERAL, "name", "the model's name; one family's rule for special tokens is known by nothing else");
        for (String ending : List.of("basename", "size_label", "finetune")) {
            keys.harmless(GENERAL, ending, "a part of what the model is called");
        }
        keys.harmless(GENERAL, "file_type", "every tensor says how it is encoded");
        keys.harmless(GENERAL, "quantization_version", "every tensor says how it is encoded");
        for (String ending : List.of("temp", "top_k", "top_p", "min_p", "penalty_repeat", "penalty_last_n")) {
            keys.heeded(
                    GENERAL,
                    "sampling." + ending,
                    "advice, which a chat follows unless it is told otherwise; passed over with a warning where it"
                            + " makes no sense");
        }
        for (String ending :
                List.of("sequence", "xtc_probability", "xtc_threshold", "mirostat", "mirostat_tau", "mirostat_eta")) {
            keys.harmless(GENERAL, "sampling." + ending, "advice on ways to choose tokens that are not built");
        }
        keys.heeded(SPLIT, "count", "must be the number of files that the model is split into");
        keys.heeded(SPLIT, "no", "must be the file's place among them, from 0");
        keys.heeded(SPLIT, "tensors.count", "must be the number of tensors in all files");
    }

    /** Looks at all keys that are refused, warned of, or not known. */
    static void check(GgufMetadata metadata, String architecture, Findings findings) {
        Map<String, KnownKey> byName = new HashMap<>();
        ALL.forEach(known -> byName.put(known.key(architecture), known));
        for (GgufMetadata.Entry entry : metadata.entries()) {
            KnownKey known = byName.get(entry.key());
            if (known != null) {
                check(known, entry, findings);
            } else if (entry.key().startsWith(Scope.MODEL.prefix(architecture))) {
                findings.warning(
                        entry.where(),
                        "The key is not known; whatever it says of the computation ("
                                + entry.value().describe() + ") is not heeded.");
            }
        }
    }

    private static void check(KnownKey known, GgufMetadata.Entry entry, Findings findings) {
        switch (known.treatment()) {
            case HEEDED, HARMLESS -> {}
            case REFUSED -> {
                if (!known.isNeutral(entry.value())) {
                    findings.error(
                            entry.where(),
                            "The value is " + entry.value().describe() + ": " + known.reason()
                                    + ". That is not supported yet; supported is "
                                    + String.join(" or ", known.neutral()) + ", or no such key.");
                }
            }
            case WARNED -> {
                if (!known.isNeutral(entry.value())) {
                    findings.warning(
                            entry.where(), "The value is " + entry.value().describe() + ": " + known.reason() + ".");
                }
            }
        }
    }

    /** The rows while they are written down. */
    private static final class Table {
        private final List<KnownKey> rows = new ArrayList<>();

        void heeded(Scope scope, String ending, String how) {
            add(scope, ending, HEEDED, List.of(), how);
        }

        void harmless(Scope scope, String ending, String why) {
            add(scope, ending, HARMLESS, List.of(), why);
        }

        void refused(Scope scope, String ending, List<String> neutral, String what) {
            add(scope, ending, REFUSED, neutral, what);
        }

        void warned(Scope scope, String ending, List<String> neutral, String what) {
            add(scope, ending, WARNED, neutral, what);
        }

        private void add(Scope scope, String ending, Treatment treatment, List<String> neutral, String reason) {
            rows.add(new KnownKey(scope, ending, treatment, neutral, reason));
        }
    }
}
