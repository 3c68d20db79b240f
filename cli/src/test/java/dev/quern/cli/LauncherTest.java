package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script {@code quern} itself, in a checkout of its own that has these classes for a build, under environments as
 * ssh, containers and service managers leave them.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final String PROMPT = "Gr\u00fc\u00dfe \uD83D\uDE00 \u4F60";

    private final Path folder;
    private final Path checkout;

    LauncherTest(@TempDir Path folder) {
        this.folder = folder;
        this.checkout = folder.resolve("M\u00fchle");
    }

    @BeforeEach
    void makeCheckout() throws IOException {
        Assumptions.assumeTrue(
                "UTF-8".equals(System.getProperty("sun.jnu.encoding")), "this test itself cannot name such files");
        Path app = Files.createDirectories(checkout.resolve("build").resolve("quern"));
        Files.copy(Path.of("..", "quern").toAbsolutePath().normalize(), checkout.resolve("quern"));
        Files.writeString(app.resolve("java-home"), System.getProperty("java.home") + "\n");
        Files.createDirectory(app.resolve("jars"));
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        List<String> places = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toUri().toString())
                .toList();
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", places));
        new JarOutputStream(Files.newOutputStream(app.resolve("jars").resolve("all.jar")), manifest).close();
        Files.writeString(app.resolve("stamp"), "");
        Files.write(
                Files.createDirectory(folder.resolve("K\u00f6rner")).resolve("m\u00fcll.gguf"), TrainingRun.model());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "LANG=",
                "LC_ALL=C",
                "LC_ALL=POSIX",
                "LANG=C.UTF-8",
                "LC_ALL=de_DE.UTF-8",
                "LANG=xx_XX.UTF-8",
                "LC_CTYPE=xx_XX.utf8",
                "LC_CTYPE=C LANG=C.UTF-8",
                "LC_ALL=en_US.ISO-8859-1",
                "LC_ALL=nonsense",
                "LOCPATH=/nowhere LC_ALL=de_DE.UTF-8",
                "PATH=none"
            })
    void noByteIsLostWhateverLanguageIsNamed(String environment) throws Exception {
        String model = folder.resolve("K\u00f6rner").resolve("m\u00fcll.gguf").toString();
        Outcome outcome = run(environment, utf8("tokenize", model, "--null", "--json", PROMPT));
        assertEquals("", outcome.err());
        assertEquals(ids(PROMPT), outcome.out());
        Path written = folder.resolve("\u00fcber.qir");
        assertEquals(
                0,
                run(environment, utf8("compile", model, "--compile-to=tensor", "-o", written.toString()))
                        .code());
        assertTrue(Files.readString(written).startsWith("module "), "written under its name");
        Outcome missing = run(environment, utf8("inspect", folder + "/K\u00f6rner/fehlt.gguf"));
        assertTrue(missing.err().contains("K\u00f6rner/fehlt.gguf"), missing.err());
    }

    @Test
    void theVersionTellsTheCommitOfTheBuild() throws Exception {
        String[] unknown = run("", utf8("--version")).out().split("\n", -1);
        assertEquals("quern (not packaged)", unknown[0]);
        assertTrue(unknown[1].matches("wgpu-native [0-9.]+"), unknown[1]);
        assertTrue(unknown[2].startsWith("Java 25"), unknown[2]);
        Files.writeString(
                checkout.resolve("build").resolve("quern").resolve("commit"),
                "0123456789ab of 2026-01-02, with changes\n");
        String[] known = run("", utf8("version")).out().split("\n", -1);
        assertEquals("quern (not packaged), built from commit 0123456789ab of 2026-01-02, with changes", known[0]);
    }

    @Test
    void aCacheThatIsAFileIsToldInASentence() throws Exception {
        Path file = Files.writeString(folder.resolve("cache.txt"), "no folder");
        var builder = new ProcessBuilder(
                "sh", Path.of("..", "scripts", "fetch-wgpu").toAbsolutePath().toString());
        builder.environment().put("QUERN_CACHE", file.toString());
        builder.environment().put("QUERN_PLATFORM", "linux-x86_64");
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(1, process.exitValue());
        assertTrue(said.startsWith("fetch-wgpu: the cache folder " + file + " cannot be written ("), said);
        assertTrue(said.endsWith("); set QUERN_CACHE to a folder that can be written and has room\n"), said);
        assertEquals(1, said.lines().count(), said);
    }

    @Test
    void bytesThatAreNoTextAreKept() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/cmdline")), "this system keeps no command lines");
        Path odd = Path.of(URI.create(folder.toUri() + "odd%FF.gguf"));
        Files.write(odd, TrainingRun.model());
        List<byte[]> arguments = utf8("tokenize", folder + "/odd?.gguf", "--null", "--json", "h?i");
        for (byte[] each : arguments) {
            for (int at = 0; at < each.length; at++) {
                each[at] = each[at] == '?' ? (byte) 0xFF : each[at];
            }
        }
        Outcome outcome = run("", arguments);
        assertEquals("", outcome.err());
        assertEquals("[104, 239, 191, 189, 105]\n", outcome.out(), "as from standard input");
    }

    @Test
    void aLanguageThatWorksIsHeeded() throws Exception {
        Process made = new ProcessBuilder("localedef", "-i", "de_DE", "-f", "ISO-8859-1", folder + "/de_DE.ISO-8859-1")
                .redirectErrorStream(true)
                .start();
        made.getInputStream().readAllBytes();
        Assumptions.assumeTrue(made.waitFor() == 0, "no language of ISO-8859-1 can be made here");
        Files.write(folder.resolve("m.gguf"), TrainingRun.model());
        List<byte[]> arguments = new ArrayList<>(utf8("tokenize", folder + "/m.gguf", "--null", "--json"));
        arguments.add("\u00fc".getBytes(StandardCharsets.ISO_8859_1));
        Outcome outcome = run("LOCPATH=" + folder + " LC_ALL=de_DE.ISO-8859-1", arguments);
        assertEquals(ids("\u00fc"), outcome.out());
    }

    /** The process itself, whose streams are the system's. */
    @Test
    void theShellIsToldThatOutputIsLost() throws Exception {
        Path bash = Path.of("/bin/bash");
        Assumptions.assumeTrue(
                Files.isExecutable(bash) && Files.exists(Path.of("/dev/full")), "no bash, or no full disk");
        String quern = "'" + checkout.resolve("quern") + "'";
        Process process = new ProcessBuilder(
                        bash.toString(),
                        "-c",
                        quern + " version >/dev/full; echo $?; " + quern + " --help >/dev/full; echo $?; " + quern
                                + " help | true; echo ${PIPESTATUS[0]}; " + quern + " version | cat >/dev/null; echo"
                                + " ${PIPESTATUS[0]}")
                .redirectErrorStream(true)
                .start();
        String printed = text(process.getInputStream());
        String lost = "error: What was printed is lost, all of it or its end: No space left on device.\n1\n";
        assertEquals(lost + lost + "141\n0\n", printed);
    }

    /**
     * In a process without the launcher and without a language: texts are whole even there, and a path that cannot be
     * is explained.
     */
    @Test
    void whereNoLanguageWorksTextsAreWhole() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/cmdline")), "this system keeps no command lines");
        Files.write(folder.resolve("m.gguf"), TrainingRun.model());
        List<byte[]> command = new ArrayList<>(utf8(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.quern.cli.Quern",
                "tokenize",
                folder + "/m.gguf",
                "--null",
                "--json",
                PROMPT));
        assertEquals(ids(PROMPT), start("LC_ALL=C", command).out());
    }

    private record Outcome(int code, String out, String err) {}

    private Outcome run(String environment, List<byte[]> arguments) throws Exception {
        List<byte[]> command = new ArrayList<>();
        command.addAll(utf8("/bin/sh", checkout.resolve("quern").toString()));
        command.addAll(arguments);
        return start(environment, command);
    }

    /** Starts a command of any bytes by a script, since Java itself would have to spell them in its own language. */
    private Outcome start(String environment, List<byte[]> command) throws Exception {
        var script = new ByteArrayOutputStream();
        script.writeBytes("exec".getBytes(StandardCharsets.UTF_8));
        for (byte[] word : command) {
            script.writeBytes(" '".getBytes(StandardCharsets.UTF_8));
            script.writeBytes(word);
            script.write('\'');
        }
        Path file = Files.write(folder.resolve("start.sh"), script.toByteArray());
        Map<String, String> variables = new HashMap<>();
        for (String each : environment.split(" ", -1)) {
            if (!each.isEmpty()) {
                variables.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
            }
        }
        var builder = new ProcessBuilder("/bin/sh", file.toString());
        String path = builder.environment().get("PATH");
        builder.environment().clear();
        builder.environment().put("PATH", String.valueOf(path));
        builder.environment().put("HOME", folder.toString());
        if ("none".equals(variables.get("PATH"))) {
            variables.put("PATH", withoutLocale().toString());
        }
        builder.environment().putAll(variables);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = builder.redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .redirectInput(new File("/dev/null"))
                .start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "it ends");
        return new Outcome(process.exitValue(), text(out), text(err));
    }

    /** The tools that the launcher needs, but for the one that knows the languages. */
    private Path withoutLocale() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("dirname", "readlink", "find", "head", "stty", "sed")) {
            for (String place : List.of("/usr/bin", "/bin")) {
                Path found = Path.of(place, tool);
                if (Files.exists(found)) {
                    Path wrapper = Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec " + found + " \"$@\"\n");
                    assertTrue(wrapper.toFile().setExecutable(true), tool);
                }
            }
        }
        return tools;
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private static List<byte[]> utf8(String... words) {
        return Arrays.stream(words)
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** What {@code tokenize --null --json} prints of a text: a token is a byte there. */
    private static String ids(String text) {
        List<Integer> ids = new ArrayList<>();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            ids.add(each & 0xFF);
        }
        return ids + "\n";
    }
}
