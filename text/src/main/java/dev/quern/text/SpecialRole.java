package dev.quern.text;

/** The parts that single tokens play, with the GGUF keys (after {@code tokenizer.ggml.}) that name their ids. */
public enum SpecialRole {
    /** Beginning of a sequence. */
    BEGIN_OF_SEQUENCE("bos_token_id"),
    /** End of a sequence. */
    END_OF_SEQUENCE("eos_token_id"),
    /** End of a turn in a chat. */
    END_OF_TURN("eot_token_id"),
    /** End of a message that asks for a tool's answer. */
    END_OF_MESSAGE("eom_token_id"),
    /** Text that the vocabulary cannot spell. */
    UNKNOWN("unknown_token_id"),
    /** Separator of segments. The key is spelled as GGUF spells it. */
    SEPARATOR("seperator_token_id"),
    /** Padding. */
    PADDING("padding_token_id"),
    /** Stands before a text for the whole of it. */
    CLASSIFICATION("cls_token_id"),
    /** A masked place. */
    MASK("mask_token_id"),
    /** Fill in the middle: what stands before the gap. */
    FILL_PREFIX("fim_pre_token_id"),
    /** Fill in the middle: what stands after the gap. */
    FILL_SUFFIX("fim_suf_token_id"),
    /** Fill in the middle: the gap itself. */
    FILL_MIDDLE("fim_mid_token_id"),
    /** Fill in the middle: padding. */
    FILL_PADDING("fim_pad_token_id"),
    /** Fill in the middle: name of a repository. */
    FILL_REPOSITORY("fim_rep_token_id"),
    /** Fill in the middle: between two files. */
    FILL_SEPARATOR("fim_sep_token_id");

    private static final String PREFIX = "tokenizer.ggml.";

    private final String key;

    SpecialRole(String key) {
        this.key = key;
    }

    /** The last part of the GGUF key. */
    public String key() {
        return key;
    }

    /** The GGUF key. */
    public String ggufKey() {
        return PREFIX + key;
    }
}
