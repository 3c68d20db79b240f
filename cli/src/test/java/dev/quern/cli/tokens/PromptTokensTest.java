package dev.quern.cli.tokens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Terminal;
import dev.quern.runtime.PromptException;
import dev.quern.runtime.PromptTooLongException;
import dev.quern.text.Tokenizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompts out of files and pipes, of all sizes. */
class PromptTokensTest {
    private final Path folder;

    PromptTokensTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** Bytes as letters: B, O and M the mark of UTF-8, n and r line ends, x a byte that is no UTF-8. */
    @ParameterizedTest
    @CsvSource({
        "a, a",
        "an, a",
        "ann, an",
        "arn, a",
        "arnrn, arn",
        "ar, ar",
        "n, ''",
        "rn, ''",
        "'', ''",
        "na, na",
        "arna, arna",
        "BOMa, a",
        "BOM, ''",
        "BOMn, ''",
        "BOMBOMa, BOMa",
        "aBOM, aBOM",
        "BO, BO",
        "xaxn, xax"
    })
    void aMarkAndOneLineEndAreLeftOut(String written, String expected) throws IOException {
        Path file = Files.write(folder.resolve("text"), bytes(written));
        assertArrayEquals(bytes(expected), TextSource.file(file).trimmed().bytes());
        assertArrayEquals(
                bytes(expected), standardInput(bytes(written), false).trimmed().bytes());
        assertArrayEquals(bytes(written), TextSource.argument(bytes(written)).bytes(), "an argument is as it is");
    }

    @Test
    void whatIsNoTextInUtf8OrNoFileIsTold() throws IOException {
        Path wide = Files.write(folder.resolve("wide"), "\uFEFFabc".getBytes(StandardCharsets.UTF_16LE));
        assertEquals(
                wide
                        + " is a text in UTF-16, by the mark at its beginning; UTF-8 is expected. 'iconv -f UTF-16 -t UTF-8'"
                        + " converts it.",
                refused(() -> TextSource.file(wide).trimmed()));
        assertEquals(folder + " is a folder; a file with a text is expected.", refused(() -> TextSource.file(folder)));
        Path none = folder.resolve("none\u001b");
        assertEquals(
                folder.resolve("none") + "\\u{1B} cannot be read: there is no such file.",
                refused(() -> TextSource.file(none)));
    }

    @Test
    void onlyAPersonIsTalkedTo() throws IOException {
        var err = new ByteArrayOutputStream();
        assertArrayEquals(bytes("a"), standardInput(bytes("a"), true, err).bytes());
        assertEquals(
                "Reading the prompt from the terminal; Ctrl-D on a line of its own ends it.\n",
                err.toString(StandardCharsets.UTF_8));
        err.reset();
        assertArrayEquals(bytes("a"), standardInput(bytes("a"), false, err).bytes());
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aPersonTypesInTheTerminalsCharacterSet() throws IOException {
        var typed = new Input(new ByteArrayInputStream(new byte[] {(byte) 0xFC}), true, StandardCharsets.ISO_8859_1);
        assertArrayEquals("\u00fc".getBytes(StandardCharsets.UTF_8), typed.read(10));
    }

    @Test
    void aPromptThatIsFarTooLongIsEstimated() {
        byte[] text = new byte[40_000_000];
        Arrays.fill(text, (byte) 'a');
        var tokenizer = new CountingTokenizer(4);
        PromptException refused = assertThrows(
                PromptException.class,
                () -> PromptTokens.encode(
                        tokenizer,
                        Tokenizer.Options.PROMPT,
                        TextSource.argument(text),
                        1000,
                        PromptTokensTest::remedy));
        assertEquals(
                "The prompt has about 10000000 tokens (40.0 MB), but there is room for 1000. Shorten it; the model was"
                        + " trained for no more than 8000.",
                refused.getMessage());
        assertEquals(
                "Shorten it, or run or compile the model with --context 8000 (-c) or more; it was trained for 8000.",
                remedy(8000));
        assertTrue(tokenizer.longest <= 1 << 20, "it is taken in pieces");
    }

    @Test
    void aLongPromptThatFitsIsEncodedAsOne() {
        byte[] text = "ab c\n".repeat(600_000).getBytes(StandardCharsets.UTF_8);
        var tokenizer = new CountingTokenizer(1000);
        List<Integer> tokens = PromptTokens.encode(
                tokenizer, Tokenizer.Options.PROMPT, TextSource.argument(text), 3000, PromptTokensTest::remedy);
        assertEquals(3000, tokens.size());
        assertEquals(text.length, tokenizer.longest);
    }

    @Test
    void charactersAreNotCutApart() {
        byte[] text = "\u20ac".repeat(1_500_000).getBytes(StandardCharsets.UTF_8);
        var tokenizer = new CountingTokenizer(3);
        assertThrows(
                PromptException.class,
                () -> PromptTokens.encode(
                        tokenizer, Tokenizer.Options.PROMPT, TextSource.argument(text), 10, PromptTokensTest::remedy));
        assertTrue(tokenizer.isWhole);
    }

    private TextSource standardInput(byte[] bytes, boolean isTerminal) throws IOException {
        return standardInput(bytes, isTerminal, new ByteArrayOutputStream());
    }

    private static TextSource standardInput(byte[] bytes, boolean isTerminal, ByteArrayOutputStream err)
            throws IOException {
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return TextSource.standardInput(
                "the prompt",
                new Input(new ByteArrayInputStream(bytes), isTerminal),
                new Terminal(stream, stream, false, false, false, 80));
    }

    private static String refused(org.junit.jupiter.api.function.Executable reading) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, reading).getMessage());
    }

    private static byte[] bytes(String letters) {
        return letters.replace("BOM", "\u00ef\u00bb\u00bf")
                .replace('n', '\n')
                .replace('r', '\r')
                .replace('x', '\u00ff')
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String remedy(long wanted) {
        return PromptTooLongException.remedy(wanted, 8000);
    }
}
