package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.CommandLineFixture.Outcome;
import dev.quern.cli.terminal.Visible;
import dev.quern.ir.text.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a file holds, no command lets it steer a terminal or speak in lines of its own: not into a pipe, which may
 * end in a terminal, and not on a terminal, where only our own bars and colours do more than stand there.
 */
class HostileFileTest {
    private final Path folder;

    HostileFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @EnumSource
    void noCommandLetsAModelFileSpeak(HostileModel place) throws IOException {
        walk(Files.write(folder.resolve("model.gguf"), place.bytes()));
    }

    @Test
    void norTheNameOfAFile() throws IOException {
        Path own = Files.createDirectory(folder.resolve("f" + HostileModel.TEXT));
        walk(Files.write(own.resolve("m" + HostileModel.TEXT + ".gguf"), TrainingRun.model()));
    }

    @Test
    void norTheNamesInAGraph() throws IOException {
        String name = Names.quote(HostileModel.TEXT);
        Path graph = Files.writeString(folder.resolve("graph.qir"), """
                module %1$s at tensor
                weight @%1$s : f32[4, 4] {from = [%1$s]}

                func @%1$s(%%%1$s: f32[1, 4]) -> f32[1, 4] {
                  %%y = map (%%%1$s + %%%1$s) : f32[1, 4]
                  return %%y
                }
                """.formatted(name));
        assertEquals(0, quern(false).run("opt", graph.toString()).code());
        walkGraph(graph);
        Path broken = Files.writeString(
                folder.resolve("broken.qir"), Files.readString(graph).replace("return %y", "return %" + name + "x"));
        walkGraph(broken);
        Path undefined = Files.writeString(
                folder.resolve("undefined.qir"), Files.readString(graph).replace("return %y", "return %\"z\\u001b\""));
        walkGraph(undefined);
    }

    @Test
    void norAnArgument() throws IOException {
        String text = HostileModel.TEXT;
        for (boolean watched : new boolean[] {false, true}) {
            for (String command : List.of(
                    "pull", "compile", "verify", "inspect", "explain", "opt", "run-ir", "bisect", "run", "logits",
                    "bench", "web")) {
                check(quern(watched).run(command, text), command);
                check(quern(watched).run(command, "--" + text), command + " --");
                check(quern(watched).run(command, "-p", "x", "-o", "y", text + ".gguf"), command + " .gguf");
            }
            check(quern(watched).run(text), "a command");
            check(quern(watched).run("pull", "https://" + text), "an address");
            check(quern(watched).run("pull", "https://example.invalid/a#" + text), "a digest");
            check(quern(watched).run("compile", "m", "--profile", text), "a profile");
            check(quern(watched).run("run", "m", "-p", "x", "--seed", text), "a number");
        }
    }

    private void walk(Path model) throws IOException {
        String file = model.toString();
        Path graph = folder.resolve("compiled.qir");
        Path bundle = folder.resolve("bundle");
        Path dump = folder.resolve("dump");
        quern(false).run("compile", file, "--compile-to=tensor", "-o", graph.toString());
        boolean compiles = quern(false)
                        .run("compile", file, "-o", bundle.toString(), "--profile", "portable")
                        .code()
                == 0;
        String messages = Files.writeString(
                        folder.resolve("messages.json"), "[{\"role\": \"user\", \"content\": \"in\"}]")
                .toString();
        List<List<String>> commands = new ArrayList<>(List.of(
                List.of("verify", file, "--weights"),
                List.of("verify", file, "--json"),
                List.of("inspect", file),
                List.of("inspect", file, "--json"),
                List.of("inspect", file, "--tensors"),
                List.of("inspect", file, "--tensors", "--json"),
                List.of("inspect", file, "--ir=imported"),
                List.of("inspect", file, "--plan", "--memory", "--kernels", "--profile", "portable"),
                List.of("inspect", file, "--plan", "--memory", "--kernels", "--json", "--profile", "portable"),
                List.of("compile", file, "-o", folder.resolve("again").toString(), "--profile", "portable"),
                List.of("compile", file, "--compile-to=tensor"),
                List.of("compile", file, "--compile-to=dispatch", "--profile", "portable"),
                List.of("compile", file, "--compile-to=plan", "--profile", "portable"),
                List.of("compile", file, "--compile-to=plan", "--profile", "portable", "--dump-dir", dump.toString()),
                List.of("explain", file, "--profile", "portable"),
                List.of("explain", file, "--profile", "portable", "--json"),
                List.of("explain", file, "*", "--profile", "portable"),
                List.of("explain", file, HostileModel.TEXT, "--profile", "portable"),
                List.of("bisect", file, "--no-device", "--profile", "portable", "--tokens", "1,2"),
                List.of("bisect", file, "--no-device", "--profile", "portable", "--tokens", "1,2", "--json"),
                List.of("tokenize", file, "in" + HostileModel.TEXT + "257"),
                List.of("tokenize", file, "in" + HostileModel.TEXT + "257", "--json", "--parse-special"),
                List.of("template", file, "--messages", messages, "--json"),
                List.of("web", file),
                List.of("export-web", file, "-o", folder.resolve("site").toString()),
                List.of("devices")));
        if (compiles) {
            commands.addAll(List.of(
                    List.of("verify", bundle.toString()),
                    List.of("inspect", bundle.toString()),
                    List.of("inspect", bundle.toString(), "--json"),
                    List.of("inspect", bundle.toString(), "--plan", "--memory", "--kernels"),
                    List.of("tokenize", bundle.toString(), "in")));
        }
        for (boolean watched : new boolean[] {false, true}) {
            for (List<String> command : commands) {
                check(quern(watched).run(command.toArray(String[]::new)), command.toString());
            }
        }
        // A text may have lines of its own.
        String text = withoutOurOwn(quern(true)
                .run("tokenize", file, "--decode", "257, 258, 0, 255")
                .out());
        assertEquals(Visible.text(text), text);
        if (Files.exists(graph)) {
            walkGraph(graph);
        }
        if (Files.exists(dump)) {
            checkFolder(dump);
        }
    }

    private void walkGraph(Path graph) {
        String file = graph.toString();
        for (boolean watched : new boolean[] {false, true}) {
            for (List<String> command : List.of(
                    List.of("opt", file, "--pipeline", "standard", "--print-after-all", "--time-passes"),
                    List.of("opt", file, "--compile-to=plan", "--profile", "portable"),
                    List.of("run-ir", file, "--trace", "--input", "x=1"),
                    List.of("run-ir", file, "--trace"),
                    List.of("run-ir", file, "--trace", "--json"),
                    List.of("run-ir", file, "--function", "none"),
                    List.of("run-ir", file, "--symbol", "none=1"),
                    List.of("bisect", file),
                    List.of("bisect", file, "--json"))) {
                check(quern(watched).run(command.toArray(String[]::new)), command.toString());
            }
        }
    }

    /** The texts of a dump, and the names of its files. */
    private static void checkFolder(Path dump) throws IOException {
        try (Stream<Path> files = Files.walk(dump)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                assertEquals(Visible.line(name), name);
                if (Files.isRegularFile(file)) {
                    String text = Files.readString(file);
                    assertEquals(Visible.text(text), text, name);
                    assertFalse(text.lines().anyMatch(line -> line.startsWith("FORGED")), name);
                }
            }
        }
    }

    private static void check(Outcome outcome, String command) {
        for (String text : List.of(outcome.out(), outcome.err())) {
            String foreign = withoutOurOwn(text);
            assertEquals(Visible.text(foreign), foreign, command);
            assertFalse(foreign.lines().anyMatch(line -> line.startsWith("FORGED")), () -> command + "\n" + foreign);
            assertFalse(foreign.contains("This should not have happened"), () -> command + "\n" + foreign);
        }
        assertTrue(outcome.code() >= 0 && outcome.code() <= 2, command);
    }

    /** What the command draws itself on a terminal: bars, their removal, the label of errors. */
    private static String withoutOurOwn(String text) {
        return text.replace("\u001b[1;31merror:\u001b[0m ", "")
                .replace("\u001b[K", "")
                .replaceAll("\r(?!\n)", "");
    }

    private CommandLineFixture quern(boolean watched) {
        return new CommandLineFixture(folder.resolve("cache"), watched);
    }
}
