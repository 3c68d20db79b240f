package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonWriter;
import dev.quern.cli.store.CacheFolder;
import dev.quern.runtime.wgpu.TestDevice;
import dev.quern.runtime.wgpu.WgpuLibrary;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code quern chat} in a terminal of its own, with the line editor. The session in {@code docs/chat.md} is what this
 * terminal shows; with {@code -Dquern.bless=true} it is written there instead.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatRecordingTest {
    private static final Path PAGE = Path.of("..", "docs", "chat.md");
    private static final Path DRIVER = Path.of("src", "test", "terminal", "session.py");
    private static final String BEGIN = "```text\n$ quern chat smollm2-135m --temperature 0 -n 64\n";
    private static final String END = "```\n";
    private static final String CTRL_D = "\u0004";
    private static final String CTRL_C = "\u0003";
    private static final String ARROW_UP = "\u001bOA";

    private final Path folder;

    ChatRecordingTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** What to wait for, and what to type then. */
    private record Step(String text, String keys) {}

    private record Outcome(int code, String shown, String err) {}

    @BeforeAll
    void prepare() throws IOException, InterruptedException {
        TestDevice.open().close();
        Assumptions.assumeTrue(hasPython(), "there is no python3, which has terminals to lend");
        // A cache of its own: what is compiled here goes when the test is over.
        Path kept = CacheFolder.of(System.getenv()).root();
        String library = "wgpu-native-" + WgpuLibrary.version();
        if (Files.isDirectory(kept.resolve(library))) {
            Files.createSymbolicLink(
                    Files.createDirectories(folder.resolve("cache")).resolve(library), kept.resolve(library));
        }
        Path models = Files.createDirectories(folder.resolve("cache").resolve("models"));
        Files.createSymbolicLink(
                models.resolve("smollm2-135m.gguf"), SmolLm2.require().toAbsolutePath());
        Files.write(folder.resolve("tiny.gguf"), NamedModels.all().get("tiny-llama"));
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            Process python = new ProcessBuilder("python3", "-c", "import pty, termios").start();
            return python.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void thePageShowsThisSession() throws IOException, InterruptedException {
        Outcome outcome = session(
                List.of("chat", "smollm2-135m", "--temperature", "0", "-n", "64"),
                new Step("> ", "What is the capital of France?\r"),
                new Step("> ", "And of Italy?\r"),
                new Step("> ", "/context\r"),
                new Step("> ", "/reset\r"),
                new Step("> ", "/system You are a poet.\r"),
                new Step("> ", "Write one short sentence\\\r"),
                new Step(". ", "about the sea.\r"),
                new Step("> ", ARROW_UP + "\r"),
                new Step("> ", "/context\r"),
                new Step("> ", "/save chat.json\r"),
                new Step("> ", "/load chat.json\r"),
                new Step("> ", CTRL_D));
        assertEquals(0, outcome.code(), outcome.shown() + outcome.err());
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END, begin);
        assertTrue(begin >= BEGIN.length() && end > 0, PAGE + " has no session");
        if (Boolean.getBoolean("quern.bless")) {
            Files.writeString(PAGE, page.substring(0, begin) + outcome.shown() + page.substring(end));
        }
        assertEquals(
                Files.readString(PAGE).substring(begin, end),
                outcome.shown(),
                "run scripts/test -pl golden-tests -Dtest=ChatRecordingTest -Dquern.bless=true, and read the difference");
        assertFalse(Boolean.getBoolean("quern.bless"), "blessed " + PAGE + "; run the test again without");
    }

    @Test
    void ctrlCEndsAnAnswerAndNotTheProgram() throws IOException, InterruptedException {
        Outcome outcome = session(
                List.of("chat", "smollm2-135m", "--temperature", "0", "-n", "-1", "--stop", "never"),
                new Step("> ", "Tell me a long story.\r"),
                new Step("I'm", CTRL_C),
                new Step("Ended.", ""),
                new Step("> ", "given up"),
                new Step("given up", CTRL_C),
                new Step("> ", CTRL_C),
                new Step("Ctrl-D or /exit leaves.", ""),
                new Step("> ", "/exit\r"));
        assertEquals(0, outcome.code(), outcome.shown() + outcome.err());
        assertTrue(
                outcome.shown().contains("\nEnded.\n> given up\n>\nCtrl-D or /exit leaves.\n> /exit"), outcome.shown());
    }

    /** As in a shell: what is typed ahead is for what comes next. */
    @Test
    void whatIsTypedDuringAnAnswerIsReadAfterIt() throws IOException, InterruptedException {
        Outcome outcome = session(
                List.of("chat", "smollm2-135m", "--temperature", "0", "-n", "24"),
                new Step("> ", "Tell me a long story.\r"),
                new Step("I'm", "/context\r" + CTRL_D),
                new Step("positions are in use", ""));
        assertEquals(0, outcome.code(), outcome.shown() + outcome.err());
        List<String> lines = outcome.shown().lines().toList();
        int command = lines.indexOf("> /context");
        assertTrue(command > 0 && lines.get(command + 1).endsWith(" by 2 messages."), outcome.shown());
        assertEquals(">", lines.getLast(), outcome.shown());
    }

    @Test
    void runWithoutAPromptIsAChat() throws IOException, InterruptedException {
        Outcome outcome = session(
                List.of(
                        "run",
                        folder.resolve("tiny.gguf").toString(),
                        "-n",
                        "3",
                        "--seed",
                        "1",
                        "--profile",
                        "portable"),
                new Step("> ", "hi\r"),
                new Step("-n sets how many.", ""),
                new Step("> ", CTRL_D));
        assertEquals(0, outcome.code(), outcome.shown() + outcome.err());
        assertTrue(outcome.shown().contains("/help lists commands, Ctrl-D leaves."), outcome.shown());
    }

    /** A terminal that can do nothing but show lines, by its own description. */
    @Test
    void aTerminalWithoutCapabilitiesHasLines() throws IOException, InterruptedException {
        Outcome outcome = session(
                "dumb",
                List.of(
                        "chat",
                        folder.resolve("tiny.gguf").toString(),
                        "-n",
                        "3",
                        "--seed",
                        "1",
                        "--profile",
                        "portable"),
                new Step("> ", "hi\n"),
                new Step("-n sets how many.", ""),
                new Step("> ", CTRL_C),
                new Step("Ctrl-D or /exit leaves.", "/exit\n"));
        assertEquals(0, outcome.code(), outcome.shown() + outcome.err());
    }

    private Outcome session(List<String> arguments, Step... steps) throws IOException, InterruptedException {
        return session("xterm", arguments, steps);
    }

    private Outcome session(String kind, List<String> arguments, Step... steps)
            throws IOException, InterruptedException {
        List<List<String>> script = new ArrayList<>();
        for (Step step : steps) {
            script.add(List.of(step.text(), step.keys()));
        }
        Path file = Files.writeString(folder.resolve("steps.json"), JsonWriter.string(script));
        List<String> command = new ArrayList<>(List.of(
                "python3",
                DRIVER.toAbsolutePath().toString(),
                kind,
                file.toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-Dquern.terminal=in,out,err",
                "-Dquern.columns=100",
                "-cp",
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .map(each -> Path.of(each).toAbsolutePath().toString())
                        .collect(Collectors.joining(File.pathSeparator)),
                "dev.quern.cli.Quern"));
        command.addAll(arguments);
        Path out = folder.resolve("shown.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment()
                .putAll(Map.of("QUERN_CACHE", folder.resolve("cache").toString(), "NO_COLOR", "1"));
        Process process = builder.start();
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        return new Outcome(
                process.waitFor(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
