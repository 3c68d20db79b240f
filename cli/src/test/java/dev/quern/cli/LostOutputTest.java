package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a command prints arrives, or the command fails: with a sentence where a disk is full, quietly where the reader
 * has seen enough.
 */
class LostOutputTest {
    /** A command line for each command, and more where a command prints in several ways. */
    private static final List<String> COMMAND_LINES = List.of(
            "pull",
            "ls",
            "ls --json",
            "show kept",
            "show kept --json",
            "rm kept --yes",
            "rm kept --yes --json",
            "prune",
            "prune --json",
            "compile MODEL --profile portable -o FOLDER/bundle",
            "compile MODEL --profile portable --compile-to=plan",
            "run MODEL -p in -n 4",
            "run MODEL -p in -n 4 --json",
            "run MODEL -p in --chat -n 4",
            "chat MODEL -n 4",
            "template MODEL --messages FOLDER/messages.json",
            "web MODEL --port 0",
            "export-web MODEL -o FOLDER/site",
            "logits MODEL -p in -o FOLDER/logits",
            "bench MODEL -p 4 -n 2 -r 1",
            "bench MODEL -p 0 -n 2 -r 1 --json",
            "tokenize MODEL in",
            "tokenize MODEL in --json",
            "tokenize MODEL in --json --null",
            "tokenize MODEL 1,2 --decode",
            "inspect MODEL",
            "inspect MODEL --json",
            "devices",
            "devices --json",
            "verify MODEL",
            "verify MODEL --json",
            "bisect MODEL --no-device --profile portable",
            "explain MODEL --profile portable",
            "opt GRAPH --pipeline standard",
            "run-ir GRAPH",
            "completion",
            "generate-completion",
            "help",
            "help run",
            "version",
            "",
            "--help",
            "--version");

    private final Path folder;

    LostOutputTest(@TempDir Path folder) {
        this.folder = folder;
    }

    static Stream<String> commandLines() {
        Stream<String> helps = commands().stream().map(command -> command + " --help");
        return Stream.concat(COMMAND_LINES.stream(), helps);
    }

    private static Set<String> commands() {
        var terminal = new Terminal(System.out, System.err, false, false, false, 80);
        return Quern.commandLine(new Context(terminal, Input.EMPTY, Map.of()))
                .getSubcommands()
                .keySet();
    }

    @BeforeEach
    void writeWhatIsRead() throws IOException {
        Files.write(folder.resolve("model.gguf"), TrainingRun.model());
        // Another that never ends its text by itself.
        Files.write(folder.resolve("endless.gguf"), HostileModel.BYTES_THAT_ARE_NO_UTF8.bytes());
        Path models = Files.createDirectories(folder.resolve("cache").resolve("models"));
        Files.write(models.resolve("kept.gguf"), TrainingRun.model());
        Files.writeString(folder.resolve("messages.json"), "[{\"role\": \"user\", \"content\": \"in\"}]");
        Files.writeString(folder.resolve("graph.qir"), """
                module "m" at tensor

                func @f(%x: f32[1, 4]) -> f32[1, 4] {
                  %y = map (%x + %x) : f32[1, 4]
                  return %y
                }
                """);
        Path page = Files.createDirectory(folder.resolve("page"));
        Files.writeString(page.resolve("index.html"), "<!DOCTYPE html>");
        System.setProperty("quern.page", page.toString());
    }

    @Test
    void everyCommandIsTried() {
        Set<String> tried = COMMAND_LINES.stream()
                .map(line -> line.split(" ", -1)[0])
                .filter(word -> !word.isEmpty() && !word.startsWith("-"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(commands()), tried, "each command has a line in this test");
    }

    @ParameterizedTest
    @MethodSource("commandLines")
    void aFullDiskIsAnError(String line) {
        Outcome outcome = run(line, "No space left on device");
        assertEquals(1, outcome.code(), outcome.err());
        String expected = "error: What was printed is lost, all of it or its end: No space left on device.\n";
        assertTrue(outcome.err().endsWith(expected), outcome.err());
        assertEquals(1, outcome.err().split("error: ", -1).length - 1, outcome.err());
        assertFalse(outcome.err().contains("\tat "), "no stack trace");
    }

    @ParameterizedTest
    @MethodSource("commandLines")
    void aReaderThatHasSeenEnoughIsNone(String line) {
        Outcome outcome = run(line, "Broken pipe");
        assertEquals(141, outcome.code(), outcome.err());
        assertFalse(outcome.err().contains("error"), outcome.err());
        assertFalse(outcome.err().contains("\tat "), "no stack trace");
    }

    /** The pipe takes the first token and no other. */
    @Test
    void aGenerationEndsWithItsReader() {
        Outcome outcome = run("run FOLDER/endless.gguf -p in -n 60", new Full("Broken pipe", 1));
        assertEquals(141, outcome.code(), outcome.err());
        assertFalse(outcome.err().contains("tok/s"), "it has not come to its end");
    }

    private record Outcome(int code, String err) {}

    /** Runs a command whose output takes nothing. */
    private Outcome run(String line, String reason) {
        return run(line, new Full(reason, 0));
    }

    private Outcome run(String line, OutputStream out) {
        List<String> arguments = Stream.of(line.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .map(word -> word.replace("MODEL", folder.resolve("model.gguf").toString())
                        .replace("GRAPH", folder.resolve("graph.qir").toString())
                        .replace("FOLDER", folder.toString()))
                .toList();
        var err = new ByteArrayOutputStream();
        Terminal terminal =
                Terminal.ofProcess(out, new PrintStream(err, true, StandardCharsets.UTF_8), new Properties(), Map.of());
        int code = Quern.execute(
                terminal,
                new Input(new ByteArrayInputStream("in\n".getBytes(StandardCharsets.UTF_8)), false),
                Map.of("QUERN_CACHE", folder.resolve("cache").toString()),
                arguments);
        String printed = err.toString(StandardCharsets.UTF_8);
        Assumptions.assumeFalse(printed.contains("error: There is no device"), "there is no device");
        return new Outcome(code, printed);
    }

    /** A disk without room, or a pipe that nobody reads. */
    private static final class Full extends OutputStream {
        private final String reason;
        private int room;

        Full(String reason, int room) {
            this.reason = reason;
            this.room = room;
        }

        @Override
        public void write(int value) throws IOException {
            if (room-- <= 0) {
                throw new IOException(reason);
            }
        }
    }
}
