package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.Quern;
import dev.quern.runtime.wgpu.TestDevice;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code quern run} and {@code quern logits} compute the same wherever the prompt comes from. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PromptTest {
    private static final byte[] NOTHING = new byte[0];

    private final Path folder;
    private final String model;

    PromptTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.model = Files.write(folder.resolve("model.gguf"), NamedModels.all().get("tiny-llama"))
                .toString();
    }

    @BeforeAll
    static void requireDevice() {
        TestDevice.open().close();
    }

    @Test
    void argumentFileAndStandardInputAreOnePrompt() throws IOException {
        String text = "a bc\n-d \u00e4";
        byte[] written = ("\uFEFF" + text + "\r\n").getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(folder.resolve("prompt.txt"), written);
        List<String> tokens = new ArrayList<>();
        List<byte[]> logits = new ArrayList<>();
        for (List<String> given : List.of(
                List.of("-p", text),
                List.of("--prompt=" + text),
                List.of("-f", file.toString()),
                List.of("-f", "-"),
                List.of("-p", "-"),
                List.<String>of())) {
            byte[] input =
                    given.isEmpty() || given.contains("-") ? written : "not read".getBytes(StandardCharsets.UTF_8);
            CommandRun run = run(input, with(given, "run", model, "-n", "4", "--json"));
            assertEquals(0, run.code(), run.err());
            tokens.add(run.out().substring(0, run.out().indexOf("\"stats\"")));
            Path target = folder.resolve("logits-" + logits.size());
            CommandRun computed = run(input, with(given, "logits", model, "-o", target.toString()));
            assertEquals(0, computed.code(), computed.err());
            assertEquals(target + "\n", computed.out());
            logits.add(Files.readAllBytes(target));
        }
        tokens.forEach(each -> assertEquals(tokens.getFirst(), each));
        logits.forEach(each -> assertArrayEquals(logits.getFirst(), each));
    }

    @Test
    void bytesThatAreNoUtf8AreKept() throws IOException {
        byte[] broken = {'a', (byte) 0xFF, 'b', '\n'};
        CommandRun run = run(broken, List.of("run", model, "-n", "1", "--json"));
        CommandRun tokenized = run(Arrays.copyOf(broken, 3), List.of("tokenize", model, "--json", "--null"));
        assertTrue(run.out().contains("\"prompt_tokens\": " + tokenized.out().strip()), run.out());
        assertTrue(
                run.err().contains("warning: the prompt (standard input) is no UTF-8: byte 2 belongs to no character."),
                run.err());
        CommandRun sound = run(NOTHING, List.of("run", model, "-n", "1", "-p", "gr\u00fcn"));
        assertFalse(sound.err().contains("warning"), sound.err());
    }

    @Test
    void anEmptyPromptIsOneOnlyWhereItIsGiven() throws IOException {
        Path empty = Files.write(folder.resolve("empty.txt"), NOTHING);
        for (List<String> given : List.of(List.of("-p", ""), List.of("-f", empty.toString()), List.of("-p", "-"))) {
            CommandRun run = run(NOTHING, with(given, "run", model, "-n", "1", "--json"));
            assertTrue(run.out().contains("\"prompt_tokens\": [1]"), run.out() + run.err());
        }
        CommandRun none = run(NOTHING, List.of("run", model));
        assertEquals(2, none.code());
        assertTrue(none.err().startsWith("error: There is no prompt: nothing comes from standard input."), none.err());
    }

    @Test
    void aPromptWithoutTokensIsRefusedBeforeAnythingIsCompiled() throws IOException {
        Path bare = Files.write(
                folder.resolve("bare.gguf"),
                MutatedModel.copy(Files.readAllBytes(Path.of(model)))
                        .bool("tokenizer.ggml.add_bos_token", false)
                        .toBytes());
        CommandRun run = run(NOTHING, List.of("run", bare.toString(), "-p", ""));
        assertEquals(
                "error: The prompt has no tokens, not even one for the beginning of a text. Give at least one"
                        + " character.\n",
                run.err());
        assertEquals(1, run.code());
    }

    @Test
    void whatCannotBeReadIsToldBeforeAnythingIsCompiled() {
        CommandRun gone = run(
                NOTHING,
                List.of("run", "no-such-model", "-f", folder.resolve("gone.txt").toString()));
        assertEquals("error: " + folder.resolve("gone.txt") + " cannot be read: there is no such file.\n", gone.err());
        CommandRun directory = run(NOTHING, List.of("logits", "no-such-model", "-f", folder.toString(), "-o", "x"));
        assertEquals("error: " + folder + " is a folder; a file with a text is expected.\n", directory.err());
    }

    @Test
    void aStopTextMayLookLikeAnOption() {
        CommandRun run = run(
                NOTHING, List.of("run", model, "-p", "-n", "--stop", "--json", "--stop", "a,b", "-n", "1", "--json"));
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().startsWith("{"), run.out());
    }

    /** With the memory that the launcher grants. */
    @Test
    void aPromptOfFiftyMegabytesIsRefusedWithNumbers() throws IOException, InterruptedException {
        byte[] line = "the quick brown fox jumps over the lazy dog and\n".getBytes(StandardCharsets.UTF_8);
        byte[] word = new byte[line.length];
        Arrays.fill(word, (byte) 'x');
        for (byte[] piece : List.of(line, word)) {
            Path large = folder.resolve("large.txt");
            try (OutputStream out = Files.newOutputStream(large)) {
                byte[] block = repeated(piece, 20_000);
                for (int written = 0; written < 50_000_000; written += block.length) {
                    out.write(block);
                }
            }
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Quern.class.getName(),
                            "run",
                            model)
                    .redirectInput(large.toFile())
                    .redirectErrorStream(true)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(1, process.waitFor(), printed);
            assertTrue(
                    printed.matches(
                            "(?s).*error: The prompt has about \\d+ tokens \\(5\\d\\.\\d MB\\), but there is room"
                                    + " for 256\\. Shorten it; the model was trained for no more than 256\\.\n"),
                    printed);
            assertFalse(printed.contains("OutOfMemory"), printed);
        }
    }

    private static byte[] repeated(byte[] piece, int times) {
        byte[] block = new byte[piece.length * times];
        for (int at = 0; at < block.length; at += piece.length) {
            System.arraycopy(piece, 0, block, at, piece.length);
        }
        return block;
    }

    private static List<String> with(List<String> given, String... others) {
        List<String> all = new ArrayList<>(List.of(others));
        all.addAll(given);
        return all;
    }

    private CommandRun run(byte[] input, List<String> arguments) {
        return CommandRun.of(Map.of("QUERN_CACHE", folder.resolve("cache").toString()), input, arguments);
    }
}
