package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.store.FileServer;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code inspect} of an address: the memory plan of a model that is not here, for the price of its header. */
class InspectAddressTest {
    private final Path folder;

    InspectAddressTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theMemoryOfAModelIsKnownBeforeItsWeightsAreFetched() throws IOException {
        byte[] model = TrainingRun.model();
        // As long as if it had gigabytes: of what lies behind the header nothing may be asked for.
        byte[] whole = Arrays.copyOf(model, 40 << 20);
        Path here = Files.write(folder.resolve("here.gguf"), whole);
        try (var server = new FileServer(whole)) {
            String address = server.address("there.gguf").toString();
            for (String view : List.of("--memory", "--tensors", "--kernels")) {
                Outcome remote = run("inspect", address, view, "--profile", "portable");
                Outcome local = run("inspect", here.toString(), view, "--profile", "portable");
                assertEquals(0, remote.code(), remote.err());
                assertEquals(local.out(), remote.out());
            }
            assertEquals(3, server.ranges().size(), "one piece of 4 MiB each time: " + server.ranges());
            assertFalse(Files.exists(folder.resolve("cache/models/there.gguf")), "nothing is kept");
        }
    }

    @Test
    void whatIsWrongThereIsSaid() throws IOException {
        byte[] model = TrainingRun.model();
        try (var server = new FileServer(Arrays.copyOf(model, model.length / 2))) {
            Outcome outcome = run("inspect", server.address("cut.gguf").toString());
            assertEquals(1, outcome.code());
            assertTrue(outcome.err().contains("cut.gguf"), outcome.err());
            assertTrue(outcome.err().contains("cut short"), outcome.err());
        }
    }

    private record Outcome(int code, String out, String err) {}

    private Outcome run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                false,
                80);
        int code = Quern.execute(
                terminal, Map.of("QUERN_CACHE", folder.resolve("cache").toString()), List.of(arguments));
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
