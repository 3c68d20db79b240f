package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.CommandLineFixture.Outcome;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fails exits with 1 and says why, in a few lines without a stack trace. */
class FailureTest {
    @TempDir
    private Path folder;

    private CommandLineFixture quern;

    FailureTest() {
        folder = Path.of("");
        quern = new CommandLineFixture(folder);
    }

    @BeforeEach
    void useFolder() {
        quern = new CommandLineFixture(folder.resolve("cache"));
    }

    @Test
    void aNameThatNobodyKnows() {
        Outcome outcome = quern.run("compile", "no-such-model");
        assertFailed(outcome, "There is no file and no model named no-such-model. 'quern pull' lists the names.");
    }

    @Test
    void aNameThatIsNearlyOne() throws IOException {
        Path models = Files.createDirectories(folder.resolve("cache").resolve("models"));
        Files.write(models.resolve("Meek.gguf"), TrainingRun.model());
        assertFailed(
                quern.run("compile", "smolm2-135m"),
                "There is no file and no model named smolm2-135m. Did you mean smollm2-135m? 'quern pull' lists");
        assertFailed(quern.run("tokenize", "MEEEK", "x"), "named MEEEK. Did you mean Meek? 'quern pull' lists");
        assertFailed(quern.run("pull", "smollm2-135"), " to pull. Did you mean smollm2-135m? 'quern pull' lists");
        assertFailed(quern.run("show", "Meak"), "the name 'Meak'. Did you mean Meek? 'quern ls' lists the names");
    }

    @Test
    void aFileThatIsNotThere() {
        assertFailed(quern.run("compile", "nowhere/model.gguf"), "There is no file nowhere/model.gguf.");
    }

    @Test
    void aNameToPullThatNobodyKnows() {
        assertFailed(quern.run("pull", "no-such-model"), "There is no model named no-such-model to pull.");
    }

    @Test
    void truncatedFilesAreRefusedWhereverTheyEnd() throws IOException {
        byte[] whole = container();
        for (int length = 0; length < whole.length; length += 37) {
            Path file = folder.resolve("cut-" + length + ".gguf");
            Files.write(file, Arrays.copyOf(whole, length));
            Path target = folder.resolve("bundle-" + length);
            Outcome outcome = quern.run("compile", file.toString(), "-o", target.toString(), "--profile", "portable");
            assertFailed(outcome, file + " is refused.");
            assertFalse(Files.exists(target), "nothing is left of a bundle");
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertTrue(left.noneMatch(path -> path.toString().contains("partial")), "nothing temporary is left");
        }
    }

    @Test
    void inspectShowsWhatACompilerWouldRefuse() throws IOException {
        Path file = Files.write(folder.resolve("odd.gguf"), container());
        Outcome outcome = quern.run("inspect", file.toString());
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.out().contains("architecture abacus"), outcome.out());
        assertTrue(outcome.out().contains("general.architecture"), outcome.out());
        Outcome tensors = quern.run("inspect", file.toString(), "--tensors", "--json");
        assertTrue(tensors.out().contains("\"name\": \"beads\""), tensors.out());
    }

    @Test
    void verifyTellsOneVerdictALine() throws IOException {
        Path odd = Files.write(folder.resolve("odd.gguf"), container());
        Path text = Files.writeString(folder.resolve("text.gguf"), "This is no model.");
        Outcome outcome = quern.run(
                "verify",
                "--json",
                odd.toString(),
                text.toString(),
                folder.resolve("gone").toString());
        assertEquals(1, outcome.code());
        String[] lines = outcome.out().split("\n", -1);
        assertEquals(4, lines.length, outcome.out());
        assertTrue(
                lines[0].startsWith("{\"file\": \"" + odd + "\", \"verdict\": \"refused\", \"findings\": [{"),
                lines[0]);
        assertTrue(lines[0].contains("abacus"), lines[0]);
        assertTrue(lines[1].contains("does not begin with 'GGUF'"), lines[1]);
        assertTrue(lines[2].contains("There is no file "), lines[2]);
        assertEquals("", outcome.err());
    }

    @Test
    void verifyTakesNamesAndSaysHowFarItLooked() throws IOException {
        Path models = Files.createDirectories(folder.resolve("cache").resolve("models"));
        Files.write(models.resolve("Meek.gguf"), TrainingRun.model());
        Outcome outcome = quern.run("verify", "meek", "--profile", "portable");
        assertEquals(0, outcome.code(), outcome.err());
        String[] lines = outcome.out().split("\n", -1);
        assertEquals("meek: ok", lines[0]);
        assertTrue(
                lines[1].matches("  checked: 11 tensors, tokenizer, \\d+ kernels for portable; no weight read"
                        + " \\(--weights reads them\\); no kernel run \\(--device runs them\\)"),
                lines[1]);
        Outcome weights = quern.run("verify", "MEEK", "--profile", "portable", "--weights", "--json");
        assertTrue(weights.out().contains("\"checked\": {\"tensors\": 11, \"profile\": \"portable\", "), weights.out());
        assertTrue(weights.out().matches("(?s).*\"weight_bytes_read\": \\d{5,}.*"), weights.out());
        Outcome unknown = quern.run("verify", "nobody", "meek", "--profile", "portable");
        assertEquals(1, unknown.code());
        assertTrue(
                unknown.out().startsWith("nobody: refused\n  file: There is no file and no model named"),
                unknown.out());
        assertTrue(unknown.out().contains("meek: ok"), "the others are looked at all the same");
        Path bundle = folder.resolve("meek.quern");
        assertEquals(
                0,
                quern.run("compile", "meek", "--profile", "portable", "-o", bundle.toString())
                        .code());
        assertTrue(
                quern.run("verify", bundle.toString()).out().contains("  checked: the hashes of "), "a bundle's too");
    }

    @Test
    void nothingIsWrittenIntoAFolderThatIsNotThere() throws IOException {
        String model =
                Files.write(folder.resolve("m.gguf"), TrainingRun.model()).toString();
        Path gone = folder.resolve("gone");
        for (String target : new String[] {"x.quern", "x"}) {
            String path = gone.resolve(target).toString();
            assertFailed(
                    quern.run("compile", model, "-o", path, "--profile", "portable"), "there is no folder " + gone);
            assertFailed(quern.run("compile", model, "-o", path, "--compile-to=tensor"), "there is no folder " + gone);
            assertFailed(
                    quern.run("compile", model, "--compile-to=tensor", "--dump-dir", path),
                    "there is no folder " + gone);
        }
        assertFalse(Files.exists(gone));
    }

    @Test
    void whatIsRefusedWasNotBegun() throws IOException {
        String model =
                Files.write(folder.resolve("m.gguf"), TrainingRun.model()).toString();
        String target = folder.resolve("gone").resolve("x").toString();
        Outcome placed = quern.run("compile", model, "-o", target, "--profile", "portable");
        assertFalse(placed.err().contains("Compiling"), placed.err());
        Outcome sized = quern.run("compile", model, "-c", "2000000000", "--profile", "portable");
        assertEquals(1, sized.code());
        assertFalse(sized.err().contains("Compiling"), sized.err());
        String bundle = folder.resolve("x").toString();
        assertTrue(quern.run("compile", model, "-o", bundle, "--profile", "portable")
                .err()
                .contains("Compiling m.gguf ..."));
    }

    @Test
    void whatLiesInABundlesFolderIsNotDeleted() throws IOException {
        String model =
                Files.write(folder.resolve("m.gguf"), TrainingRun.model()).toString();
        Path bundle = folder.resolve("bundle");
        String[] compile = {"compile", model, "-o", bundle.toString(), "--profile", "portable"};
        assertEquals(0, quern.run(compile).code());
        assertEquals(0, quern.run(compile).code(), "an older bundle is replaced");
        Path letter = Files.writeString(bundle.resolve("kernels").resolve("letter.txt"), "dear");
        assertFailed(quern.run(compile), "holds files that are no part of the bundle there (kernels/letter.txt)");
        assertEquals("dear", Files.readString(letter));
        Path text = Files.writeString(folder.resolve("text.quern"), "dear");
        assertFailed(
                quern.run("compile", model, "-o", text.toString(), "--profile", "portable"),
                "is there already and is no bundle");
        assertEquals("dear", Files.readString(text));
    }

    @Test
    void aModelIsCalledAsItsFileWhereItHasNoOtherName() throws IOException {
        byte[] model = new GgufWriter().string("general.architecture", "abacus").toBytes();
        Path file = Files.write(folder.resolve("Counting Frame.gguf"), model);
        assertTrue(quern.run("inspect", file.toString())
                .out()
                .startsWith("model    Counting Frame, architecture abacus\n"));
    }

    @Test
    void aFileThatCannotBeUsedIsNamed() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.gguf"), "GGUF");
        for (String command : new String[] {"compile", "inspect", "explain", "tokenize", "bisect"}) {
            Outcome outcome = quern.run(command, broken.toString());
            assertEquals(1, outcome.code(), command);
            assertTrue(outcome.err().contains("error: " + broken + " is refused.\n"), outcome.err());
            assertTrue(outcome.err().contains("fetch it again."), outcome.err());
        }
        Path folderForText = Files.createDirectory(folder.resolve("input.json"));
        Path graph = Files.writeString(folder.resolve("graph.qir"), """
                module "m" at tensor

                func @f(%x: f32[1, 4]) -> f32[1, 4] {
                  %y = map (%x + %x) : f32[1, 4]
                  return %y
                }
                """);
        assertTrue(quern.run("run-ir", graph.toString(), "--inputs", folderForText.toString())
                .err()
                .contains(folderForText.toString()));
    }

    @Test
    void aFolderThatIsNoBundle() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertFailed(quern.run("inspect", empty.toString()), "not a bundle: it has no manifest.json");
        Outcome verify = quern.run("verify", empty.toString());
        assertEquals(1, verify.code());
        assertTrue(verify.out().contains(": refused\n"), verify.out());
    }

    @Test
    void aZipThatIsNoBundle() throws IOException {
        byte[] zip = "PK\u0003\u0004 and then nothing".getBytes(StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("broken.quern"), zip);
        Outcome outcome = quern.run("inspect", file.toString());
        assertFailed(outcome, "broken.quern");
    }

    @Test
    void questionsThatABundleCannotAnswerAreUsageErrors() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        Outcome outcome = quern.run("inspect", empty.toString(), "--ir");
        assertEquals(2, outcome.code());
        assertTrue(outcome.err().contains("A bundle is compiled already"), outcome.err());
    }

    @Test
    void pullAloneListsNamesAndWhetherTheyAreHere() throws IOException {
        Outcome fresh = quern.run("pull");
        assertEquals(0, fresh.code());
        assertTrue(fresh.out().startsWith("NAME "), fresh.out());
        assertTrue(fresh.out().matches("(?s).*\nsmollm2-135m +98.4 MB +no .*"), fresh.out());
        Path models = folder.resolve("cache").resolve("models");
        Files.write(models.resolve("mine.gguf"), container());
        Outcome more = quern.run("pull");
        assertTrue(more.out().lines().anyMatch(line -> line.startsWith("mine ") && line.contains(" yes ")), more.out());
        assertEquals(0, quern.run("inspect", "mine").code(), "what lies in the store can be named");
    }

    private static void assertFailed(Outcome outcome, String expected) {
        assertEquals(1, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains(expected), outcome.err());
        assertTrue(outcome.err().contains("error: "), outcome.err());
        assertFalse(outcome.err().contains("\tat "), "no stack trace");
        assertFalse(outcome.err().contains("Exception"), outcome.err());
        assertEquals("", outcome.out());
    }

    /** A sound container of an architecture that nobody knows. */
    private static byte[] container() {
        return new GgufWriter()
                .string("general.architecture", "abacus")
                .string("general.name", "Beads")
                .u32("abacus.block_count", 2)
                .tensor("beads", GgufTensorType.F32, List.of(16L), new byte[64])
                .toBytes();
    }
}
