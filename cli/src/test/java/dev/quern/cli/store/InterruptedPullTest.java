package dev.quern.cli.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.http.ScriptedServer;
import dev.quern.cli.terminal.Terminal;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in the middle of a pull, in a process of its own. */
@DisabledOnOs(OS.WINDOWS)
class InterruptedPullTest {
    private static final byte[] MODEL = new GgufWriter()
            .string("general.architecture", "abacus")
            .tensor("beads", GgufTensorType.F32, List.of(25_000L), new byte[100_000])
            .toBytes();

    @Test
    void whatHasComeIsTakenUpByTheNextPull(@TempDir Path folder) throws IOException, InterruptedException {
        interrupt(folder, "pull");
    }

    @Test
    void aCommandThatListensForCtrlCEndsAtOnceToo(@TempDir Path folder) throws IOException, InterruptedException {
        interrupt(folder, "logits");
    }

    private static void interrupt(Path folder, String command) throws IOException, InterruptedException {
        int sent = 60_000;
        try (var server =
                new ScriptedServer(ScriptedServer.stalled(MODEL, "\"a\"", sent), ScriptedServer.file(MODEL, "\"a\""))) {
            String address = server.address("beads.gguf").toString();
            Path part = folder.resolve("models").resolve("beads.gguf.part");
            Process process = start(folder, command, address);
            try {
                long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (!Files.exists(part) || Files.size(part) < sent) {
                    assertTrue(process.isAlive() && System.nanoTime() < until, "it downloads");
                    Thread.sleep(10);
                }
                // To a virtual machine this is what Ctrl-C is, which what runs in the background may be deaf to.
                process.destroy();
                assertTrue(process.waitFor(4, TimeUnit.SECONDS), "it ends at once");
                assertEquals(143, process.exitValue());
            } finally {
                process.destroyForcibly();
            }
            assertFalse(Files.exists(folder.resolve("models").resolve("beads.gguf")));
            Path file = pull(folder, address);
            assertArrayEquals(MODEL, Files.readAllBytes(file));
            assertEquals(List.of("", "bytes=" + sent + "-"), server.headers("range"));
        }
    }

    private static Process start(Path cache, String command, String address) throws IOException {
        var arguments = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.quern.cli.Quern",
                command,
                address));
        if (command.equals("logits")) {
            arguments.addAll(List.of("-p", "x", "-o", cache.resolve("out.f32").toString()));
        }
        ProcessBuilder builder = new ProcessBuilder(arguments)
                .redirectErrorStream(true)
                .redirectOutput(cache.resolve("said").toFile());
        builder.environment().put("QUERN_CACHE", cache.toString());
        builder.environment()
                .keySet()
                .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        return builder.start();
    }

    private static Path pull(Path cache, String address) {
        var stream = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        var terminal = new Terminal(stream, stream, false, false, false, 80);
        return new ModelStore(new CacheFolder(cache), terminal, Map.of()).pull(address, Optional.empty());
    }
}
