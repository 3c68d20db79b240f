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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script, run by bash as its completion runs it. */
@DisabledOnOs(OS.WINDOWS)
class CompletionScriptTest {
    private final Path folder;

    CompletionScriptTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void writeScript() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash");
        var out = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        assertEquals(
                0,
                Quern.execute(new Terminal(stream, stream, false, false, false, 80), Map.of(), List.of("completion")));
        Files.write(folder.resolve("script"), out.toByteArray());
        Path models = Files.createDirectories(folder.resolve("cache").resolve("models"));
        Files.writeString(models.resolve("mine.gguf"), "");
        Files.writeString(models.resolve("mine.gguf.origin"), "");
        Files.writeString(folder.resolve("more tea.gguf"), "");
        Files.createDirectory(folder.resolve("mills"));
    }

    @Test
    void commands() throws Exception {
        assertTrue(complete("quern", "").contains("inspect"));
        assertEquals(List.of("tokenize"), complete("quern", "tok"));
        assertEquals(List.of("verify", "version"), complete("./quern", "ver"));
        assertEquals(List.of("run", "run-ir"), complete("quern", "help", "ru"));
        assertTrue(complete("quern", "").stream().noneMatch("generate-completion"::equals), "hidden");
    }

    @Test
    void options() throws Exception {
        assertEquals(List.of("--temp", "--temperature"), complete("quern", "run", "m", "--temp"));
        assertEquals(List.of("--no-parse-special"), complete("quern", "run", "--no-"));
        assertEquals(List.of("--help"), complete("quern", "--h"));
    }

    @Test
    void valuesOfOptions() throws Exception {
        assertEquals(List.of("cpu-swiftshader", "cpu-vulkan"), complete("quern", "compile", "m", "--profile", "cpu"));
        // bash takes --profile=cpu for three words.
        assertEquals(
                List.of("cpu-swiftshader", "cpu-vulkan"), complete("quern", "compile", "m", "--profile", "=", "cpu"));
        assertEquals(List.of("portable"), complete("quern", "compile", "--profile", "po"));
        assertTrue(complete("quern", "compile", "--profile", "=").contains("portable"));
        assertEquals(List.of("imported"), complete("quern", "inspect", "m", "--ir", "=", "imp"));
        // … unless it is told to take it for one.
        assertEquals(List.of("--ir=imported"), complete("quern", "inspect", "m", "--ir=imp"));
        assertEquals(List.of(), complete("quern", "run", "m", "--seed", ""));
    }

    @Test
    void modelsAndFiles() throws Exception {
        assertEquals(List.of("mills", "mine", "more tea.gguf"), complete("quern", "run", "m"));
        assertEquals(List.of("smollm2-135m"), complete("quern", "verify", "smol"));
        assertEquals(List.of("mills"), complete("quern", "run", "mil"));
    }

    @Test
    void itIsRegisteredForBothSpellings() throws Exception {
        assertEquals("quern ./quern\n", bash("complete() { echo \"${@: -2}\"; }; . \"$SCRIPT\""));
    }

    private List<String> complete(String... words) throws Exception {
        String quoted = Arrays.stream(words).map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        String printed = bash("complete() { :; }; compopt() { :; }; . \"$SCRIPT\"; COMP_WORDS=(" + quoted
                + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _quern; printf '%s\\n' \"${COMPREPLY[@]}\"");
        return new TreeSet<>(printed.lines().filter(line -> !line.isEmpty()).toList())
                .stream().toList();
    }

    private String bash(String commands) throws Exception {
        var builder = new ProcessBuilder("/bin/bash", "--norc", "-c", commands);
        builder.environment().put("SCRIPT", folder.resolve("script").toString());
        builder.environment().put("QUERN_CACHE", folder.resolve("cache").toString());
        Process process =
                builder.directory(folder.toFile()).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), printed);
        return printed;
    }
}
