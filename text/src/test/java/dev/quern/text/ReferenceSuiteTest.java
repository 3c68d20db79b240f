package dev.quern.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vocabularies of published models with texts and the ids that llama.cpp gives them. They lie outside the project. */
class ReferenceSuiteTest {
    private static final Path FOLDER = Path.of("..", "..", "shared", "tokenizers");

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "starcoder", "llama-bpe", "qwen2", "llama-spm", "phi-3"})
    void givesTheIdsOfTheSuite(String name) throws IOException {
        Path file = FOLDER.resolve("ggml-vocab-" + name + ".gguf");
        Assumptions.assumeTrue(
                Files.exists(file),
                () -> "the vocabulary " + name + " is not here: "
                        + file.toAbsolutePath().normalize() + " does not exist");
        TokenizerData data = GgufMetadata.tokenizer(file);
        Tokenizer tokenizer = Tokenizers.of(data);
        String[] texts =
                Files.readString(FOLDER.resolve(file.getFileName() + ".inp")).split("\n__ggml_vocab_test__\n", -1);
        String[] rows =
                Files.readString(FOLDER.resolve(file.getFileName() + ".out")).split("\n", -1);
        assertFalse(texts.length < 40, "the suite has only " + texts.length + " cases");
        for (int index = 0; index < texts.length; index++) {
            assertArrayEquals(
                    ids(rows[index]), tokenizer.encode(texts[index], Tokenizer.Options.PLAIN), "case " + index);
        }
        assertEquals(data, TokenizerJson.read(TokenizerJson.write(data)));
    }

    private static int[] ids(String row) {
        return row.isBlank()
                ? new int[0]
                : Arrays.stream(row.trim().split(" +"))
                        .mapToInt(Integer::parseInt)
                        .toArray();
    }
}
