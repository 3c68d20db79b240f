package dev.quern.gguf;

/** Tokens with a role of their own, and the keys that name their ids. */
public enum SpecialToken {
    BEGIN("bos_token_id", true),
    END("eos_token_id", true),
    END_OF_TURN("eot_token_id", true),
    END_OF_MESSAGE("eom_token_id", true),
    UNKNOWN("unknown_token_id", true),
    /** The key's spelling is that of the format. */
    SEPARATOR("seperator_token_id", false),
    PADDING("padding_token_id", false),
    CLASSIFICATION("cls_token_id", false),
    MASK("mask_token_id", false),
    FILL_PREFIX("fim_pre_token_id", false),
    FILL_SUFFIX("fim_suf_token_id", false),
    FILL_MIDDLE("fim_mid_token_id", false),
    FILL_PADDING("fim_pad_token_id", false),
    FILL_REPOSITORY("fim_rep_token_id", false),
    FILL_SEPARATOR("fim_sep_token_id", false);

    private final String ending;
    private final boolean essential;

    SpecialToken(String ending, boolean essential) {
        this.ending = ending;
        this.essential = essential;
    }

    /** The key in the metadata. */
    public String key() {
        return "tokenizer.ggml." + ending;
    }

    /** Whether generating text goes wrong with a wrong id; a wrong id of another token is ignored with a warning. */
    public boolean isEssential() {
        return essential;
    }
}
