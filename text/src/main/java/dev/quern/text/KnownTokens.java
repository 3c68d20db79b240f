package dev.quern.text;

import java.util.List;

/**
 * Texts by which tokens are known where a file does not name their role. One list a role, and one for ends of
 * generation.
 */
final class KnownTokens {
    /** With these texts generation ends, whatever the file says. */
    static final List<String> ENDS = List.of(
            "<|eot_id|>",
            "<|im_end|>",
            "<|end|>",
            "<|return|>",
            "<|call|>",
            "<|flush|>",
            "<|calls|>",
            "<end_of_turn>",
            "<|endoftext|>",
            "</s>",
            "<|eom_id|>",
            "<EOT>",
            "_<EOT>",
            "[EOT]",
            "[EOS]",
            "<|end_of_text|>",
            "<end_of_utterance>",
            "<eos>",
            "<turn|>",
            "<|tool_response>",
            "<\uFF5Cend\u2581of\u2581sentence\uFF5C>",
            "[e~[");

    /** With the tokens of these roles generation ends. */
    static final List<SpecialRole> ENDING_ROLES = List.of(
            SpecialRole.FILL_PADDING,
            SpecialRole.FILL_REPOSITORY,
            SpecialRole.FILL_SEPARATOR,
            SpecialRole.END_OF_SEQUENCE,
            SpecialRole.END_OF_TURN,
            SpecialRole.END_OF_MESSAGE);

    /** Marks of an answer's parts that a reader of the answer needs to see. */
    static final List<String> ALWAYS_SHOWN = List.of("<|channel|>", "<|message|>", "<|start|>", "<|constrain|>");

    private static final List<String> END_OF_TURN = List.of(
            "<|eot_id|>",
            "<|im_end|>",
            "<|end|>",
            "<end_of_turn>",
            "<|endoftext|>",
            "<|end_of_text|>",
            "<EOT>",
            "_<EOT>",
            "[EOT]",
            "<\uFF5Cend\u2581of\u2581sentence\uFF5C>",
            "<end_of_utterance>");

    private static final List<String> FILL_PREFIX = List.of(
            "<|fim_prefix|>",
            "<fim-prefix>",
            "<fim_prefix>",
            "<\uFF5Cfim\u2581begin\uFF5C>",
            "<PRE>",
            "\u2581<PRE>",
            "<|code_prefix|>",
            "<|prefix|>");

    private static final List<String> FILL_SUFFIX = List.of(
            "<|fim_suffix|>",
            "<fim-suffix>",
            "<fim_suffix>",
            "<\uFF5Cfim\u2581hole\uFF5C>",
            "<SUF>",
            "\u2581<SUF>",
            "<|code_suffix|>",
            "<|suffix|>");

    private static final List<String> FILL_MIDDLE = List.of(
            "<|fim_middle|>",
            "<fim-middle>",
            "<fim_middle>",
            "<\uFF5Cfim\u2581end\uFF5C>",
            "<MID>",
            "\u2581<MID>",
            "<|code_middle|>",
            "<|middle|>");

    private static final List<String> FILL_PADDING = List.of("<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]");

    private static final List<String> FILL_REPOSITORY =
            List.of("<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>");

    private KnownTokens() {}

    /** The texts by which a role is known; empty for roles that only the file can name. */
    static List<String> of(SpecialRole role) {
        return switch (role) {
            case END_OF_TURN -> END_OF_TURN;
            case END_OF_MESSAGE -> List.of("<|eom_id|>");
            case FILL_PREFIX -> FILL_PREFIX;
            case FILL_SUFFIX -> FILL_SUFFIX;
            case FILL_MIDDLE -> FILL_MIDDLE;
            case FILL_PADDING -> FILL_PADDING;
            case FILL_REPOSITORY -> FILL_REPOSITORY;
            case FILL_SEPARATOR -> List.of("<|file_sep|>");
            case BEGIN_OF_SEQUENCE, END_OF_SEQUENCE, UNKNOWN, SEPARATOR, PADDING, CLASSIFICATION, MASK -> List.of();
        };
    }
}
