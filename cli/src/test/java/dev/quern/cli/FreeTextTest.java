package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.CommandLineFixture.Outcome;
import dev.quern.cli.arguments.FreeText;
import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A text on the command line is any text. */
class FreeTextTest {
    private final Path folder;
    private final CommandLineFixture quern;

    FreeTextTest(@TempDir Path folder) {
        this.folder = folder;
        this.quern = new CommandLineFixture(folder.resolve("cache"));
    }

    /** Takes what a command may take. */
    @Command(name = "take")
    private static final class Take implements Callable<Integer> {
        static final List<String> TAKEN = new ArrayList<>();

        @Option(names = "-n")
        private int number;

        @Option(
                names = {"-t", "--text"},
                converter = FreeText.Converter.class)
        private FreeText text = new FreeText("none");

        @Option(names = "--each", converter = FreeText.CharactersConverter.class)
        private List<FreeText> each = List.of();

        @Parameters(arity = "0..*", converter = FreeText.Converter.class)
        private List<FreeText> rest = List.of();

        @Override
        public Integer call() {
            TAKEN.clear();
            TAKEN.add(text.text());
            each.forEach(one -> TAKEN.add(one.text()));
            rest.forEach(one -> TAKEN.add(one.text()));
            return number;
        }
    }

    static final String[] TEXTS = {
        "@note.txt",
        "@",
        "@@",
        "-n",
        "-n 5",
        "--help",
        "-h",
        "--",
        "-",
        "",
        " ",
        "-5 degrees",
        "--text",
        "--text=x",
        "\"quoted\"",
        "'quoted'",
        "back\\slash\\",
        "a,b,c",
        "${user.home}",
        "$x",
        "%n",
        "--no-such-option",
        "-1",
        "line\nfeed",
        "\u00fc\uD83D\uDE00"
    };

    @Test
    void anOptionForTextTakesTheNextArgument() throws IOException {
        Files.writeString(folder.resolve("note.txt"), "-n 7");
        for (String text : TEXTS) {
            assertEquals(List.of(text), take("-t", text));
            assertEquals(List.of(text), take("--text", text));
            assertEquals(List.of(text), take("--text=" + text));
            assertEquals(List.of(text, "a"), take("-t", text, "--each", "a"));
            assertEquals(List.of("none", text, text), take("--each", text, "--each", text));
            assertEquals(List.of("none", text), take("--", text));
        }
        String file = "@" + folder.resolve("note.txt");
        assertEquals(List.of(file), take("-t", file));
        assertEquals(List.of("none", file), take(file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-5 degrees",
                "-5",
                "-1.5e3",
                "--help me",
                "--",
                "-\u00fc",
                "---",
                "-",
                "a",
                "",
                "- a",
                "-=x",
                "-n 5"
            })
    void aParameterTakesWhatIsSpelledLikeNoOption(String text) {
        if (!text.equals("--")) {
            assertEquals(List.of("none", text), take(text));
            assertEquals(List.of("none", text, text), take(text, "-n", "0", text));
        }
    }

    @Test
    void whatFollowsAnOptionIsTheOptions() {
        Outcome outcome = quern.run(context -> new Take(), "-n", "-5", "-5");
        assertEquals(-5, outcome.code(), outcome.err());
        assertEquals(List.of("none", "-5"), Take.TAKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-x", "--no-such-option", "--no-such=a b", "-xyz"})
    void whatIsSpelledLikeAnOptionIsRefused(String text) {
        Outcome outcome = quern.run(context -> new Take(), text);
        assertEquals(2, outcome.code());
        assertTrue(outcome.err().startsWith("error: Unknown option: '" + text + "'"), outcome.err());
    }

    @Test
    void anOptionWithoutItsTextIsRefused() {
        Outcome outcome = quern.run(context -> new Take(), "-t");
        assertEquals(2, outcome.code());
        assertTrue(outcome.err().contains("Missing required parameter for option '--text'"), outcome.err());
    }

    @Test
    void aTextOfCharactersHasNoBytesThatAreNone() {
        Outcome outcome = quern.run(context -> new Take(), "--each", "a\uDCFF");
        assertEquals(2, outcome.code());
        assertTrue(outcome.err().contains("it holds bytes that are no UTF-8"), outcome.err());
    }

    /** Of every command: what is named TEXT is of the type that lets it be. */
    @Test
    void everyTextOfEveryCommandIsFree() {
        Terminal terminal = new Terminal(System.out, System.err, false, false, false, 80);
        CommandLine all = Quern.commandLine(new Context(terminal, Input.EMPTY, Map.of()));
        List<String> free = new ArrayList<>();
        for (CommandLine command : all.getSubcommands().values()) {
            CommandSpec spec = command.getCommandSpec();
            for (ArgSpec argument : spec.args()) {
                boolean isText = argument.typeInfo().getType() == FreeText.class
                        || argument.auxiliaryTypes()[0] == FreeText.class;
                assertEquals(argument.paramLabel().equals("TEXT"), isText, spec.name() + " " + argument.paramLabel());
                if (isText) {
                    free.add(spec.name() + " " + argument.paramLabel());
                }
            }
        }
        assertEquals(
                List.of("bisect", "chat", "chat", "logits", "run", "run", "run", "run", "tokenize"),
                free.stream()
                        .map(each -> each.substring(0, each.indexOf(' ')))
                        .sorted()
                        .toList());
    }

    @Test
    void textsReachTheirCommands() throws IOException {
        String model =
                Files.write(folder.resolve("m.gguf"), TrainingRun.model()).toString();
        for (String text : List.of("@note.txt", "-5 in", "--help me", "a,b", "\"q\"", "x\\n")) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertEquals(
                    quern.run(bytes, "tokenize", model, "--json").out(),
                    quern.run("tokenize", model, text, "--json").out());
        }
        assertEquals(
                quern.run("-n".getBytes(StandardCharsets.UTF_8), "tokenize", model)
                        .out(),
                quern.run("tokenize", model, "--", "-n").out());
        assertEquals(
                quern.run("in".getBytes(StandardCharsets.UTF_8), "tokenize", model)
                        .out(),
                quern.run("in".getBytes(StandardCharsets.UTF_8), "tokenize", model, "-")
                        .out());
        for (String command : List.of("run", "logits", "bisect")) {
            Outcome outcome = quern.run(command, "no-such-model", "-p", "--help", "-o", "x");
            if (command.equals("run")) {
                assertTrue(outcome.err().contains("'quern run' has no option -o;"), outcome.err());
            } else {
                assertTrue(outcome.err().contains("no model named no-such-model"), outcome.err());
            }
        }
        assertTrue(quern.run("run", "no-such-model", "-p", "@x", "--stop", "-n")
                .err()
                .contains("no model named"));
    }

    private List<String> take(String... arguments) {
        Outcome outcome = quern.run(context -> new Take(), arguments);
        assertEquals(0, outcome.code(), outcome.err());
        List<String> taken = new ArrayList<>(Take.TAKEN);
        return taken;
    }
}
