package dev.quern.tokens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.store.FileByteSource;
import dev.quern.gguf.GgufMetadata;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufWriter;
import dev.quern.reference.oracle.LlamaTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random texts get the ids that llama.cpp gives them: with and without what the model adds, with control tokens as such
 * and as text.
 */
class TokenizerAgreementTest {
    private static final long SEED = 20_260;
    private static final int TEXTS = 600;
    private static final int BROKEN_TEXTS = 200;

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "starcoder", "llama-bpe", "qwen2", "llama-spm", "phi-3"})
    void idsAreThoseOfLlamaCpp(String name) {
        Path file = Vocabularies.require("ggml-vocab-" + name + ".gguf");
        List<byte[]> texts = Stream.concat(RandomTexts.of(SEED, TEXTS).stream(), RandomTexts.longRuns().stream())
                .filter(text -> text.indexOf('\0') < 0)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        try (LlamaTokenizer llama = LlamaTokenizer.open(file)) {
            compare(llama, file, texts, false, false, "--no-bos");
            compare(llama, file, texts, true, false);
            compare(llama, file, texts, false, true, "--no-bos", "--parse-special");
            compare(llama, file, texts, true, true, "--parse-special");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"starcoder", "llama-bpe", "llama-spm"})
    void bytesThatAreNoTextAreTreatedAlike(String name) {
        Path file = Vocabularies.require("ggml-vocab-" + name + ".gguf");
        Random random = new Random(SEED);
        List<byte[]> texts = new ArrayList<>();
        for (String text : RandomTexts.of(SEED + 1, BROKEN_TEXTS)) {
            byte[] bytes = text.replace("\0", "").getBytes(StandardCharsets.UTF_8);
            for (int damage = 0; damage < 3 && bytes.length > 0; damage++) {
                // Not above 0xF3: what decodes to more than U+10FFFF ends llama.cpp's process.
                bytes[random.nextInt(bytes.length)] = (byte) (0x80 + random.nextInt(0x74));
            }
            texts.add(Arrays.copyOf(bytes, bytes.length - Math.min(bytes.length, random.nextInt(2))));
        }
        texts.removeIf(
                text -> new String(text, StandardCharsets.ISO_8859_1).chars().anyMatch(unit -> unit > 0xF3));
        try (LlamaTokenizer llama = LlamaTokenizer.open(file)) {
            compare(llama, file, texts, false, false, "--no-bos");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-2",
                "smollm",
                "dbrx",
                "glm4",
                "qwen2",
                "qwen35",
                "falcon",
                "deepseek-llm",
                "deepseek-coder",
                "default",
                "tekken",
                "gpt-4o"
            })
    void everyWayOfCuttingWordsIsThatOfLlamaCpp(String pre, @TempDir Path folder) throws IOException {
        Path file = folder.resolve(pre + ".gguf");
        Files.write(file, withPre(Vocabularies.require("ggml-vocab-llama-bpe.gguf"), pre));
        // llama.cpp tells upper from lower case in ASCII only, and takes marks for no part of words; the originals do
        // both.
        boolean cased = pre.equals("tekken") || pre.equals("gpt-4o");
        List<byte[]> texts = RandomTexts.of(SEED + 2, TEXTS).stream()
                .filter(text -> text.indexOf('\0') < 0)
                .filter(text -> !cased || text.codePoints().noneMatch(TokenizerAgreementTest::isCasedOrMark))
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        assertTrue(texts.size() > TEXTS / 4, "only " + texts.size() + " texts are left");
        try (LlamaTokenizer llama = LlamaTokenizer.open(file)) {
            compare(llama, file, texts, false, false, "--no-bos");
            compare(llama, file, texts, true, true, "--parse-special");
        }
    }

    /** Whether a character is one on which llama.cpp cuts words otherwise than Tekken and GPT-4o were trained. */
    private static boolean isCasedOrMark(int codePoint) {
        return codePoint >= 0x80
                && switch (Character.getType(codePoint)) {
                    case Character.UPPERCASE_LETTER,
                            Character.LOWERCASE_LETTER,
                            Character.TITLECASE_LETTER,
                            Character.NON_SPACING_MARK,
                            Character.COMBINING_SPACING_MARK,
                            Character.ENCLOSING_MARK -> true;
                    default -> false;
                };
    }

    private static byte[] withPre(Path vocabulary, String pre) throws IOException {
        try (FileByteSource source = FileByteSource.open(vocabulary)) {
            GgufWriter writer = new GgufWriter();
            for (GgufMetadata.Entry entry : GgufReader.read(source).metadata().entries()) {
                if (entry.key().equals("tokenizer.ggml.pre")) {
                    writer.string(entry.key(), pre);
                } else {
                    writer.put(entry.key(), entry.value());
                }
            }
            return writer.toBytes();
        }
    }

    private static void compare(
            LlamaTokenizer llama,
            Path file,
            List<byte[]> texts,
            boolean addSpecial,
            boolean parseSpecial,
            String... options) {
        List<int[]> ids = new TokenizeCommandLine(file).ids(texts, options);
        for (int index = 0; index < texts.size(); index++) {
            byte[] text = texts.get(index);
            assertArrayEquals(
                    llama.tokenize(text, addSpecial, parseSpecial),
                    ids.get(index),
                    () -> String.join(" ", options) + ": " + new String(text, StandardCharsets.UTF_8));
        }
    }
}
