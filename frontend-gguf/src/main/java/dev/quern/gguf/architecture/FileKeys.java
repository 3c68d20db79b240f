package dev.quern.gguf.architecture;

import static dev.quern.gguf.architecture.KnownKey.Scope.GENERAL;
import static dev.quern.gguf.architecture.KnownKey.Scope.SPLIT;
import static dev.quern.gguf.architecture.KnownKey.Scope.TOKENIZER;

import java.util.List;

/** The keys of the tokenizer and of the file as a whole, and what becomes of each: the same for all architectures. */
final class FileKeys {
    private static final String OTHER_TOKENIZERS = "only other kinds of tokenizer read it";
    private static final String FILL = "its token is remembered; filling in the middle is no command of Quern";
    ;

    private FileKeys() {}

    static void addTo(KeyTable keys) {
        tokenizer(keys);
        file(keys);
    }

    private static void tokenizer(KeyTable keys) {
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

    private static void file(KeyTable keys) {
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
}
