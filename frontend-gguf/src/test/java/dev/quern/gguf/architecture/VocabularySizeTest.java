package dev.quern.gguf.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of the embedding, tokens and a key tell how many tokens there are; the rows count before the others. */
class VocabularySizeTest {
    private static final int ROW = 2;
    private static final int NONE = -1;

    /** What three places of a file give together, and what is said of it; one that is missing has no number. */
    private static int size(Findings findings, int rows, int tokens, long named) {
        GgufWriter writer = new GgufWriter();
        if (tokens != NONE) {
            String[] texts = new String[tokens];
            Arrays.fill(texts, "");
            writer.put("tokenizer.ggml.tokens", StringArray.of(texts));
        }
        if (named != NONE) {
            writer.u32("llama.vocab_size", named);
        }
        if (rows != NONE) {
            writer.tensor(
                    "token_embd.weight",
                    GgufTensorType.F16,
                    List.of((long) ROW, (long) rows),
                    new byte[2 * ROW * rows]);
        }
        return new VocabularySize(GgufReader.read(ByteSource.of(writer.toBytes())), "llama.vocab_size", findings)
                .read(ROW);
    }

    private static void gives(int expected, int rows, int tokens, long named) {
        Findings findings = new Findings();
        assertEquals(expected, size(findings, rows, tokens, named));
        assertEquals(List.of(), findings.list());
    }

    private static void says(String said, int expected, int rows, int tokens, long named) {
        Findings findings = new Findings();
        assertEquals(expected, size(findings, rows, tokens, named));
        assertEquals(1, findings.list().size(), findings.list().toString());
        assertTrue(
                findings.list().getFirst().toString().contains(said),
                findings.list().toString());
    }

    @Test
    void onePlaceIsEnough() {
        gives(7, 7, NONE, NONE);
        gives(7, NONE, 7, NONE);
        gives(7, NONE, NONE, 7);
        gives(7, 7, 7, 7);
        gives(7, 7, NONE, 5);
        says("There are no tokens and no ", 1, NONE, NONE, NONE);
        says("no 'llama.vocab_size': the vocabulary has no size", 1, NONE, NONE, 0);
        gives(1, NONE, 1, NONE);
        gives(1, 1, 1, 1);
    }

    @Test
    void whereTheyDifferTheRowsCount() {
        says("The table has 9 rows, but there are 7 tokens; the further ones", 9, 9, 7, NONE);
        gives(9, 7, 9, NONE);
        says("The value is 8, but there are 7 tokens; the tokens count.", 7, 7, 7, 8);
        says("offset ", 7 + (1 << 16), 7 + (1 << 16), 7, NONE);
        says("at most 65536 rows more than tokens are taken", 1, 8 + (1 << 16), 7, NONE);
    }

    @Test
    void aVocabularyIsNoLargerThanItsLimit() {
        gives(1 << 24, NONE, NONE, 1 << 24);
        says(
                "key 'llama.vocab_size': The vocabulary must have 1 to 16777216 tokens, but has 16777217.",
                1,
                NONE,
                NONE,
                (1 << 24) + 1);
        gives((1 << 21) + 5, (1 << 21) + 5, NONE, NONE);
    }

    /** Another check says that the table's rows are of another width; their number is still none. */
    @Test
    void rowsOfAnotherWidthDoNotCount() {
        GgufWriter writer = new GgufWriter()
                .put("tokenizer.ggml.tokens", StringArray.of("a", "b"))
                .tensor("token_embd.weight", GgufTensorType.F16, List.of(1L, 9L), new byte[18]);
        Findings findings = new Findings();
        assertEquals(
                2,
                new VocabularySize(GgufReader.read(ByteSource.of(writer.toBytes())), "llama.vocab_size", findings)
                        .read(ROW));
        assertEquals(List.of(), findings.list());
    }
}
