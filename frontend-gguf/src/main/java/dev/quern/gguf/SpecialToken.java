package dev.quern.gguf;

/** Tokens with a role of their own, and the keys that name their ids. */
public enum SpecialToken {
    BEGIN("bos_token_id"),
    END("eos_token_id"),
    END_OF_TURN("eot_token_id"),
    END_OF_MESSAGE("eom_token_id"),
    UNKNOWN("unknown_token_id"),
    /** The key's spelling is that of the format. */
    SEPARATOR("seperator_token_id"),
    PADDING("padding_token_id"),
    CLASSIFICATION("cls_token_id"),
    MASK("mask_token_id"),
    FILL_PREFIX("fim_pre_token_id"),
    FILL_SUFFIX("fim_suf_token_id"),
    FILL_MIDDLE("fim_mid_token_id"),
    FILL_PADDING("fim_pad_token_id"),
    FILL_REPOSITORY("fim_rep_token_id"),
    FILL_SEPARATOR("fim_sep_token_id");

    private final String ending;

    SpecialToken(String ending) {
        this.ending = ending;
    }

    /** The key in the metadata. */
    public String key() {
        return "tokenizer.ggml." + ending;
    }
}
