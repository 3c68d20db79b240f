package dev.quern.cli.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.terminal.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
    private static final int BYTES = 300_000;

    private final byte[] content = new byte[BYTES];
    private final Download patient = new Download(3, Duration.ofMillis(1));
    private final Download impatient = new Download(1, Duration.ofMillis(1));

    DownloadTest() {
        new Random(7).nextBytes(content);
    }

    @Test
    void aWholeFileArrivesWithProgress(@TempDir Path folder) throws IOException {
        Path target = folder.resolve("a.gguf");
        List<Long> done = new ArrayList<>();
        try (var server = new FileServer(content)) {
            String digest = patient.fetch(server.address("a"), target, Optional.empty(), (now, total) -> {
                done.add(now);
                assertEquals(BYTES, total);
            });
            assertArrayEquals(content, Files.readAllBytes(target));
            assertEquals(Sha256.of(target, Progress.NONE), digest);
        }
        assertEquals(BYTES, done.getLast());
        assertEquals(List.of("a.gguf"), names(folder));
    }

    @Test
    void anInterruptedDownloadGoesOnWhereItStopped(@TempDir Path folder) throws IOException {
        Path target = folder.resolve("a.gguf");
        try (var server = new FileServer(content)) {
            server.breakAfter(100_000);
            StoreException failure = assertThrows(StoreException.class, () -> fetch(impatient, server, target));
            assertTrue(failure.getMessage().contains("takes it up where it stopped"), failure.getMessage());
            assertFalse(Files.exists(target), "an incomplete file never has the final name");
            long have = Files.size(folder.resolve("a.gguf.part"));
            assertTrue(have > 0 && have <= 100_000, have + " bytes");
            server.breakAfter(Integer.MAX_VALUE);
            fetch(impatient, server, target);
            assertEquals(List.of("", "bytes=" + have + "-"), server.ranges());
        }
        assertArrayEquals(content, Files.readAllBytes(target));
        assertEquals(List.of("a.gguf"), names(folder));
    }

    @Test
    void aBadNetworkIsOvercomeAsLongAsBytesCome(@TempDir Path folder) throws IOException {
        Path target = folder.resolve("a.gguf");
        try (var server = new FileServer(content)) {
            server.breakAfter(50_000);
            fetch(patient, server, target);
            assertTrue(server.ranges().size() >= 6, server.ranges().toString());
        }
        assertArrayEquals(content, Files.readAllBytes(target));
    }

    @Test
    void aFileThatChangedMeanwhileIsFetchedAnew(@TempDir Path folder) throws IOException {
        Path target = folder.resolve("a.gguf");
        try (var server = new FileServer(content)) {
            server.breakAfter(100_000);
            assertThrows(StoreException.class, () -> fetch(impatient, server, target));
            server.breakAfter(Integer.MAX_VALUE);
            server.change();
            fetch(impatient, server, target);
        }
        assertArrayEquals(content, Files.readAllBytes(target));
    }

    @Test
    void aWrongHashIsRefusedAndNothingIsKept(@TempDir Path folder) throws IOException {
        Path target = folder.resolve("a.gguf");
        String wrong = "0".repeat(64);
        try (var server = new FileServer(content)) {
            StoreException failure = assertThrows(
                    StoreException.class,
                    () -> patient.fetch(server.address("a"), target, Optional.of(wrong), Progress.NONE));
            assertTrue(failure.getMessage().contains("but " + wrong + " is expected"), failure.getMessage());
        }
        assertEquals(List.of(), names(folder));
    }

    @Test
    void refusalsOfTheServerAreExplained(@TempDir Path folder) throws IOException {
        try (var server = new FileServer(content)) {
            server.fail(404);
            StoreException failure =
                    assertThrows(StoreException.class, () -> fetch(patient, server, folder.resolve("a.gguf")));
            assertTrue(failure.getMessage().contains("does not exist (HTTP 404)"), failure.getMessage());
        }
    }

    private static void fetch(Download download, FileServer server, Path target) {
        download.fetch(server.address("a"), target, Optional.empty(), Progress.NONE);
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
