package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.CommandLineFixture.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code quern compile FILE.qir}: what belongs to a graph as text, and what does not. */
class CompileGraphTest {
    @TempDir
    private Path folder = Path.of("");

    private CommandLineFixture quern = new CommandLineFixture(folder);

    @BeforeEach
    void useFolder() {
        quern = new CommandLineFixture(folder.resolve("cache"));
    }

    @Test
    void aGraphNeedsAModelsWeightsAndBringsNoneItself() throws IOException {
        String graph = write("m.qir", "module \"m\" at tensor\n");
        refused(2, "is a graph, which has neither weights nor a tokenizer; name the model file", graph);
        refused(2, "--weights is for a graph as text", write("m.gguf", "GGUF"), "--weights", "n.gguf");
        refused(
                1,
                "There is no file ",
                graph,
                "--weights",
                folder.resolve("gone.gguf").toString());
        refused(1, "There is no file ", folder.resolve("gone.qir").toString(), "--weights", "n.gguf");
    }

    @Test
    void whatAGraphDecidesItselfIsNoOption() throws IOException {
        String graph = write("m.qir", "module \"m\" at tensor\n");
        refused(2, "--context belongs to a model file", graph, "--weights", "n.gguf", "--context", "64");
        refused(2, "--cache belongs to a model file", graph, "--weights", "n.gguf", "--cache", "f32");
        refused(2, "'quern opt " + graph + "' runs passes", graph, "--weights", "n.gguf", "--compile-to", "plan");
        refused(2, "'quern opt " + graph + "' runs passes", graph, "--weights", "n.gguf", "--dump-dir", "d");
    }

    @Test
    void whatIsNoGraphIsRefusedAtItsLine() throws IOException {
        refused(
                2,
                "is of the stage plan, where nothing says what is computed",
                write("p.qir", "module \"m\" at plan\n"),
                "--weights",
                "n.gguf");
        refused(
                1,
                ":1:15: expected a stage, found 'home'",
                write("h.qir", "module \"m\" at home\n"),
                "--weights",
                "n.gguf");
        refused(
                1,
                "are chosen for the profile 'abacus', which there is not; there are ",
                write("a.qir", "module \"m\" at dispatch\nprofile \"abacus\"\n"),
                "--weights",
                "n.gguf");
    }

    private void refused(int code, String expected, String... arguments) {
        List<String> all = new ArrayList<>(List.of("compile"));
        all.addAll(List.of(arguments));
        Outcome outcome = quern.run(all.toArray(String[]::new));
        assertEquals(code, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains(expected), outcome.err());
        assertFalse(outcome.err().contains("Exception"), outcome.err());
        assertEquals("", outcome.out());
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
