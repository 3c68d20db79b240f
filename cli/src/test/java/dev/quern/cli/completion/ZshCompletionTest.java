package dev.quern.cli.completion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.Quern;
import dev.quern.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script in a zsh of its own, in a terminal of its own, where Tab is pressed and what is offered written down. */
@DisabledOnOs(OS.WINDOWS)
class ZshCompletionTest {
    /** Its arguments are the script, a file for what is offered, and a line to complete. */
    private static final String DRIVER = """
            zmodload zsh/zpty || exit 3
            zpty shell zsh -f -i
            zpty -w shell "ZDOTDIR=$PWD; source ${(q)1}
            compadd() {
                local -a offered
                builtin compadd -O offered \\"\\$@\\" 2>/dev/null
                (( \\$#offered )) && print -rl -- \\$offered >>${(q)2}
                builtin compadd \\"\\$@\\"
            }
            leave() { exit }; zle -N leave; bindkey '^X' leave
            print READY\\$((1 + 1))"
            zpty -r shell line '*READY2*' || exit 4
            zpty -w -n shell "$3"$'\\t\\x18'
            while zpty -r shell line; do :; done
            """;

    private final Path folder;

    ZshCompletionTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void writeScript() throws IOException, InterruptedException {
        Assumptions.assumeTrue(hasZsh(), "there is no zsh with its module zpty");
        var out = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertEquals(
                0,
                Quern.execute(new Terminal(stream, stream, false, false, false, 80), Map.of(), List.of("completion")));
        Files.write(folder.resolve("script"), out.toByteArray());
        Files.writeString(folder.resolve("driver"), DRIVER);
        Path models = Files.createDirectories(folder.resolve("cache").resolve("models"));
        Files.writeString(models.resolve("mine.gguf"), "");
        Files.writeString(models.resolve("mine.gguf.origin"), "");
        Files.writeString(folder.resolve("more tea.gguf"), "");
        Files.createDirectory(folder.resolve("mills"));
    }

    private static boolean hasZsh() throws InterruptedException {
        try {
            return new ProcessBuilder("zsh", "-f", "-c", "zmodload zsh/zpty")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void commands() throws Exception {
        assertEquals(List.of("tokenize"), complete("quern tok"));
        assertEquals(List.of("verify", "version"), complete("./quern ver"));
        assertEquals(List.of("run", "run-ir"), complete("quern help ru"));
    }

    @Test
    void optionsAndTheirValues() throws Exception {
        assertEquals(List.of("--temp", "--temperature"), complete("quern run m --temp"));
        assertEquals(List.of("cpu-swiftshader", "cpu-vulkan"), complete("quern compile m --profile cpu"));
        assertEquals(
                List.of("--profile=cpu-swiftshader", "--profile=cpu-vulkan"),
                complete("quern compile m --profile=cpu"));
        assertEquals(List.of("--ir=imported"), complete("quern inspect m --ir=imp"));
    }

    @Test
    void modelsAndFiles() throws Exception {
        assertEquals(List.of("mills", "mine", "more tea.gguf"), complete("quern run m"));
        assertEquals(List.of("mills", "mine", "more tea.gguf"), complete("./quern run m"));
        assertEquals(List.of("smollm2-135m"), complete("quern verify smol"));
        assertTrue(complete("quern run m -f mo").contains("more tea.gguf"));
    }

    private List<String> complete(String line) throws Exception {
        Path offered = folder.resolve("offered");
        Files.deleteIfExists(offered);
        var builder = new ProcessBuilder(
                "zsh",
                "-f",
                folder.resolve("driver").toString(),
                folder.resolve("script").toString(),
                offered.toString(),
                line);
        builder.environment().put("QUERN_CACHE", folder.resolve("cache").toString());
        Process process =
                builder.directory(folder.toFile()).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), printed);
        return Files.exists(offered) ? List.copyOf(new TreeSet<>(Files.readAllLines(offered))) : List.of();
    }
}
