package dev.quern.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a file says of its tokenizer: data, nothing yet decided. Where a component is null the file is silent, and
 * the rule of the tokenizer's kind holds.
 *
 * @param model the algorithm ({@code tokenizer.ggml.model})
 * @param pre name of the rule that cuts text into words ({@code tokenizer.ggml.pre}); only byte pair tokenizers have
 *     one
 * @param vocabulary tokens, scores and types
 * @param merges the pairs of a byte pair tokenizer, best first, each {@code "left right"} with one space between
 *     ({@code tokenizer.ggml.merges}); empty for others
 * @param special ids of special tokens
 * @param addBos whether a prompt begins with the token of {@link SpecialRole#BEGIN_OF_SEQUENCE}
 * @param addEos whether a text ends with the token of {@link SpecialRole#END_OF_SEQUENCE}
 * @param addSpacePrefix whether a space is put before text (SentencePiece)
 * @param chatTemplate the Jinja template that turns a chat into text ({@code tokenizer.chat_template}), kept as data
 * @param modelName the model's name ({@code general.name}); one family's rule for special tokens is known by nothing
 *     else
 */
public record TokenizerData(
        TokenizerModel model,
        @Nullable String pre,
        Vocabulary vocabulary,
        List<String> merges,
        SpecialTokens special,
        @Nullable Boolean addBos,
        @Nullable Boolean addEos,
        @Nullable Boolean addSpacePrefix,
        @Nullable String chatTemplate,
        @Nullable String modelName) {

    /**
     * Checks what can be said without a tokenizer.
     *
     * @throws TokenizerException if a merge is no pair
     */
    public TokenizerData {
        merges = List.copyOf(merges);
        for (int rank = 0; rank < merges.size(); rank++) {
            String merge = merges.get(rank);
            int space = merge.indexOf(' ', 1);
            if (space < 0 || space == merge.length() - 1) {
                throw new TokenizerException(
                        "tokenizer.ggml.merges",
                        "Merge " + rank + " of tokenizer.ggml.merges is \"" + merge
                                + "\"; two parts with one space between are expected.");
            }
        }
    }

    /** Data of which the file says only what is needed: everything else is silent. */
    public static TokenizerData of(
            TokenizerModel model,
            @Nullable String pre,
            Vocabulary vocabulary,
            List<String> merges,
            SpecialTokens special) {
        return new TokenizerData(model, pre, vocabulary, merges, special, null, null, null, null, null);
    }
}
