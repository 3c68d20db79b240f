package dev.quern.tokens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** llama.cpp's own suites for tokenizers, through {@code quern tokenize}. */
class TokenizerSuiteTest {

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "starcoder", "llama-bpe", "qwen2", "llama-spm", "phi-3"})
    void everyCaseOfTheSuitePasses(String name) throws IOException {
        Path file = Vocabularies.require("ggml-vocab-" + name + ".gguf");
        List<byte[]> texts = Arrays.stream(read(file, ".inp").split("\n__ggml_vocab_test__\n", -1))
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        assertFalse(texts.size() < 40, "the suite has only " + texts.size() + " cases");
        String[] rows = read(file, ".out").split("\n", -1);
        List<int[]> ids = new TokenizeCommandLine(file).ids(texts, "--no-bos");
        for (int index = 0; index < texts.size(); index++) {
            assertArrayEquals(numbers(rows[index]), ids.get(index), "case " + index);
        }
    }

    private static String read(Path file, String suffix) throws IOException {
        return Files.readString(file.resolveSibling(file.getFileName() + suffix));
    }

    private static int[] numbers(String row) {
        return row.isBlank()
                ? new int[0]
                : Arrays.stream(row.strip().split(" +", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray();
    }
}
