package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.CommandLineFixture.Outcome;
import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Terminal;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.ValueType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code quern tokenize} over vocabularies of bytes and a few words: of a SentencePiece one the ids are 0 to 2 for
 * {@code <unk> <s> </s>}, 3 plus the byte, and from 259 on {@code U+2581}, {@code hi}, {@code U+2581 hi}.
 */
class TokenizeTest {
    @TempDir
    private Path folder;

    private CommandLineFixture quern;
    private String pieces;
    private String pairs;

    TokenizeTest() {
        folder = Path.of("");
        quern = new CommandLineFixture(folder);
        pieces = "";
        pairs = "";
    }

    @BeforeEach
    void writeVocabularies() throws IOException {
        quern = new CommandLineFixture(folder.resolve("cache"));
        pieces = Files.write(
                        folder.resolve("pieces.gguf"), sentencePiece("llama").toBytes())
                .toString();
        pairs = Files.write(folder.resolve("pairs.gguf"), bytePair("smollm").toBytes())
                .toString();
    }

    @Test
    void tokensStandOneALineWithWhatTheyStandFor() {
        assertOutput(
                "  1  \"<s>\"\n261  \" hi\"\n 13  \"\\n\"\n229  \"\\xE2\"\n131  \"\\x80\"\n144  \"\\x8D\"\n",
                quern.run("tokenize", pieces, "hi\n\u200D"));
        assertOutput("256  \"hi\"\n 34  \"\\\"\"\n", quern.run("tokenize", pairs, "hi\""));
    }

    @Test
    void jsonHoldsIdsAndPiecesOfOneText() {
        assertOutput(
                "{\"tokens\": [1, 261, 198, 167], \"pieces\": [\"<s>\", \" hi\", \"\\udcc3\", \"\\udca4\"]}\n",
                quern.run("tokenize", pieces, "--json", "hi\u00E4"));
        assertOutput("{\"tokens\": [], \"pieces\": []}\n", quern.run("tokenize", pairs, "--json", ""));
    }

    @Test
    void standardInputIsTakenAsItIs() {
        assertOutput("[256, 10]\n", quern.run(bytes("hi\n"), "tokenize", pairs, "--json", "--null"));
        assertOutput("256 13 10\n", quern.run(bytes("hi\r\n"), "tokenize", pairs, "--null"));
        assertOutput("", quern.run("tokenize", pairs));
    }

    @Test
    void whatIsAddedIsTheModelsRuleUnlessNothingIsWanted() {
        assertOutput("[1, 261]\n", quern.run("tokenize", pieces, "hi", "--json", "--null"));
        assertOutput("[261]\n", quern.run("tokenize", pieces, "hi", "--json", "--null", "--no-bos"));
        assertOutput("[1]\n", quern.run(new byte[1], "tokenize", pieces, "--json", "--null"));
        assertOutput("1  \"<s>\"\n", strip(quern.run("tokenize", pieces, "")));
    }

    @Test
    void controlTokensInTheTextAreTextUnlessTheyAreParsed() {
        assertOutput("[256, 60, 124, 101, 124, 62]\n", quern.run("tokenize", pairs, "hi<|e|>", "--json", "--null"));
        assertOutput("[256, 257]\n", quern.run("tokenize", pairs, "hi<|e|>", "--json", "--null", "--parse-special"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "'' : ''",
                "'hi0' : [256]",
                "'hi' : [256]",
                "'hi0h0' : [256] [104]",
                "'hi0h' : [256] [104]",
                "'0' : []",
                "'hi00h0' : [256] [] [104]",
                "'00' : [] []"
            })
    void aNulByteEndsAText(String texts, String expected) {
        Outcome outcome = quern.run(bytes(texts.replace('0', '\0')), "tokenize", pairs, "--null", "--json");
        assertOutput(expected.isEmpty() ? "" : expected.replace("] [", "]\n[") + "\n", outcome);
    }

    @Test
    void bytesThatAreNoTextAreKeptOrReplaced() {
        byte[] broken = {'h', 'i', (byte) 0xFF, 'h', (byte) 0xC3};
        assertOutput("[261, 258, 107, 198]\n", quern.run(broken, "tokenize", pieces, "--null", "--json", "--no-bos"));
        assertOutput(
                "[256, 239, 191, 189, 104, 239, 191, 189]\n", quern.run(broken, "tokenize", pairs, "--null", "--json"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "256 10 257 33",
                "256,10,257,33",
                "[256, 10, 257, 33]",
                "[256,10] [257] [33]",
                "{\"tokens\": [256, 10, 257, 33]}"
            })
    void decodingGoesBackWhateverTheFormOfTheIds(String ids) {
        assertOutput("hi\n<|e|>!", quern.run("tokenize", pairs, "--decode", ids));
        assertOutput("hi\n<|e|>!", quern.run(bytes(ids + "\n"), "tokenize", pairs, "--decode"));
    }

    @Test
    void whatWasAddedIsNotDecoded() {
        assertOutput("hi", quern.run("tokenize", pieces, "--decode", "1 261"));
        assertOutput("<s>hi", quern.run("tokenize", pieces, "--decode", "1 261", "--no-bos"));
        assertOutput(
                "hi\0\0 hi\0", quern.run(bytes("[1, 261]\n[1]\n1 259 261"), "tokenize", pieces, "--decode", "--null"));
    }

    @Test
    void everyByteComesBack() {
        byte[] texts = new byte[2048];
        for (int at = 0; at < texts.length; at++) {
            texts[at] = (byte) (at * 7 + at / 256);
        }
        texts[texts.length - 1] = 0;
        String ids = quern.run(texts, "tokenize", pieces, "--null", "--json").out();
        var out = new ByteArrayOutputStream();
        var terminal =
                new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false, false, false, 80);
        Quern.execute(
                terminal,
                new Input(new ByteArrayInputStream(bytes(ids)), false),
                Map.of("QUERN_CACHE", folder.toString()),
                List.of("tokenize", pieces, "--null", "--decode"));
        assertArrayEquals(texts, out.toByteArray());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 258 | There is no token 258; the vocabulary has the ids 0 to 257.",
                "1 x 2 | the argument, line 1, column 3: 'x' is not the id of a token",
                "-1 | '-1' is not the id of a token",
                "99999999999 | 99999999999 is too large for the id of a token",
                "[1, 2 | an array of ids is not closed",
                "[[1]] | '[' is not the id of a token",
                "{\"ids\": [1]} | tokens"
            })
    void whatIsNoIdIsPointedAt(String ids, String expected) {
        assertFailed(expected, quern.run("tokenize", pairs, "--decode", ids));
    }

    @Test
    void theLineOfAWrongIdIsTold() {
        assertFailed(
                "standard input, text 2, line 1, column 2: 'y'",
                quern.run(bytes("[1]\n[y]\n"), "tokenize", pairs, "--decode", "--null"));
    }

    @Test
    void aBundleHasATokenizerToo() throws IOException {
        Path file = Files.write(folder.resolve("model.gguf"), TrainingRun.model());
        Path bundle = folder.resolve("model.quern");
        Outcome compiled = quern.run("compile", file.toString(), "-o", bundle.toString(), "--profile", "portable");
        assertEquals(0, compiled.code(), compiled.err());
        assertOutput("[116, 256, 256]\n", quern.run("tokenize", file.toString(), "tinin", "--null", "--json"));
        assertOutput("[116, 256, 256]\n", quern.run("tokenize", bundle.toString(), "tinin", "--null", "--json"));
    }

    @Test
    void otherKindsOfTokenizersAreRefusedByName() throws IOException {
        Path bert =
                Files.write(folder.resolve("bert.gguf"), sentencePiece("bert").toBytes());
        assertFailed("\"bert\", which Quern does not implement", quern.run("tokenize", bert.toString(), "hi"));
        Path unheard = Files.write(
                folder.resolve("unheard.gguf"), bytePair("unheard-of").toBytes());
        assertFailed("unheard-of", quern.run("tokenize", unheard.toString(), "hi"));
        Path none = Files.write(
                folder.resolve("none.gguf"),
                new GgufWriter().string("general.architecture", "abacus").toBytes());
        assertFailed("The file has no tokenizer", quern.run("tokenize", none.toString(), "hi"));
        Path text = Files.writeString(folder.resolve("text.gguf"), "This is no model.");
        assertFailed("does not begin with 'GGUF'", quern.run("tokenize", text.toString(), "hi"));
        assertFailed("There is no file and no model named abacus", quern.run("tokenize", "abacus", "hi"));
    }

    @Test
    void aPersonIsToldWhatIsWaitedFor() {
        var err = new ByteArrayOutputStream();
        var sink = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        var terminal = new Terminal(sink, new PrintStream(err, true, StandardCharsets.UTF_8), false, false, false, 80);
        var typed = new Input(new ByteArrayInputStream(bytes("hi")), true);
        assertEquals(0, Quern.execute(terminal, typed, Map.of(), List.of("tokenize", pairs)));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("Reading the text from the terminal; Ctrl-D"));
    }

    private static Outcome strip(Outcome outcome) {
        return new Outcome(outcome.code(), outcome.out().stripLeading(), outcome.err());
    }

    private static void assertOutput(String expected, Outcome outcome) {
        assertEquals(0, outcome.code(), outcome.err());
        assertEquals(expected, outcome.out());
        assertEquals("", outcome.err());
    }

    private static void assertFailed(String expected, Outcome outcome) {
        assertEquals(1, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains(expected), outcome.err());
        assertFalse(outcome.err().contains("Exception"), outcome.err());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static GgufWriter sentencePiece(String model) {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        for (int value = 0; value < 256; value++) {
            tokens.add("<0x" + "0123456789ABCDEF".charAt(value >> 4) + "0123456789ABCDEF".charAt(value & 15) + ">");
        }
        tokens.addAll(List.of("\u2581", "hi", "\u2581hi"));
        long[] types = new long[tokens.size()];
        Arrays.fill(types, 1);
        Arrays.fill(types, 3, 259, 6);
        types[0] = 2;
        types[1] = 3;
        types[2] = 3;
        float[] scores = new float[tokens.size()];
        return vocabulary(model, tokens, types).put("tokenizer.ggml.scores", NumberArray.ofFloats(scores));
    }

    private static GgufWriter bytePair(String pre) {
        List<String> tokens = new ArrayList<>();
        int spelled = 256;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
            tokens.add(String.valueOf((char) (printable ? value : spelled++)));
        }
        tokens.addAll(List.of("hi", "<|e|>"));
        long[] types = new long[tokens.size()];
        Arrays.fill(types, 1);
        types[257] = 3;
        return vocabulary("gpt2", tokens, types)
                .string("tokenizer.ggml.pre", pre)
                .put("tokenizer.ggml.merges", StringArray.of("h i"))
                .u32("tokenizer.ggml.eos_token_id", 257);
    }

    /** A file of an architecture that nobody knows, without tensors. */
    private static GgufWriter vocabulary(String model, List<String> tokens, long[] types) {
        return new GgufWriter()
                .string("general.architecture", "abacus")
                .string("tokenizer.ggml.model", model)
                .put("tokenizer.ggml.tokens", StringArray.of(tokens.toArray(String[]::new)))
                .put("tokenizer.ggml.token_type", NumberArray.ofIntegers(ValueType.I32, types));
    }
}
