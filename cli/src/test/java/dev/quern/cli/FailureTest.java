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
            assertFailed(outcome, "the model file is refused");
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
        assertTrue(lines[2].contains("there is no such file"), lines[2]);
        assertEquals("", outcome.err());
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
        assertTrue(fresh.out().contains("smollm2-135m  98.4 MB  no "), fresh.out());
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
