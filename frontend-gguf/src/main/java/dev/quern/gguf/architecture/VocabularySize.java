package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufMetadata;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.Quote;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The number of tokens that a model computes with. Three places of a file tell one: the embedding has a row for each
 * token, the tokenizer a text, and a key its number. The rows count: models often have a few more of them than tokens,
 * so that their number is round.
 */
final class VocabularySize {
    private static final int LARGEST = 1 << 24;

    /** Rows are rounded up to a multiple of some hundreds or thousands; more than this is rather a mistake. */
    private static final int MOST_FURTHER_ROWS = 1 << 16;

    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String EMBEDDING = "token_embd.weight";

    private final GgufMetadata metadata;
    private final Optional<GgufTensor> table;
    private final String key;
    private final Findings findings;

    /** @param key the key that tells the number */
    VocabularySize(GgufFile file, String key, Findings findings) {
        this.metadata = file.metadata();
        this.table = file.tensor(EMBEDDING);
        this.key = key;
        this.findings = findings;
    }

    /**
     * Reads all three; 1 where they tell none, which is an error.
     *
     * @param embedding the elements of a row
     */
    int read(int embedding) {
        long tokens = findings.attempt(() -> metadata.findStrings(TOKENS))
                .flatMap(found -> found.map(StringArray::length))
                .orElse(0);
        OptionalLong named = findings.attempt(() -> metadata.findInteger(key)).orElse(OptionalLong.empty());
        long rows = table.filter(tensor -> tensor.rowElements() == embedding)
                .map(tensor -> tensor.elements() / embedding)
                .orElse(0L);
        if (tokens > 0 && named.isPresent() && named.getAsLong() != tokens) {
            findings.warning(
                    metadata.where(key),
                    "The value is " + named.getAsLong() + ", but there are " + tokens + " tokens; the tokens count.");
        }
        if (tokens > 0 && rows > tokens + MOST_FURTHER_ROWS) {
            findings.error(
                    tablePlace(),
                    "The table has " + rows + " rows, but there are " + tokens + " tokens; at most " + MOST_FURTHER_ROWS
                            + " rows more than tokens are taken.");
            return 1;
        }
        if (tokens > 0 && rows > tokens) {
            findings.warning(
                    tablePlace(),
                    "The table has " + rows + " rows, but there are " + tokens
                            + " tokens; the further ones stand for no text.");
        }
        long size = Math.max(rows, tokens);
        size = size == 0 ? named.orElse(0) : size;
        if (size == 0) {
            findings.error(
                    metadata.where(TOKENS),
                    "There are no tokens and no " + Quote.of(key) + ": the vocabulary has no size.");
            return 1;
        }
        if (size < 0 || size > LARGEST) {
            findings.error(
                    rows > 0 ? tablePlace() : metadata.where(key),
                    "The vocabulary must have 1 to " + LARGEST + " tokens, but has " + size + ".");
            return 1;
        }
        return (int) size;
    }

    private String tablePlace() {
        return table.map(tensor -> "offset " + tensor.offset() + ", tensor " + Quote.of(tensor.name()))
                .orElse("tensor " + Quote.of(EMBEDDING));
    }
}
