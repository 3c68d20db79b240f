package dev.quern.cli.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.http.HttpTransport;
import dev.quern.cli.http.Hub;
import dev.quern.cli.http.Patience;
import dev.quern.cli.http.Proxies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RemoteByteSourceTest {
    private static final int PIECE = 4 << 20;

    private final byte[] content = new byte[3 * PIECE + 1000];
    private final List<Duration> pauses = new ArrayList<>();

    RemoteByteSourceTest() {
        new Random(11).nextBytes(content);
        System.arraycopy("GGUF".getBytes(StandardCharsets.US_ASCII), 0, content, 0, 4);
    }

    private RemoteByteSource open(FileServer server) {
        Hub hub = Hub.of(Map.of());
        var transport = new HttpTransport(Proxies.of(Map.of()), hub, Duration.ofSeconds(5));
        var patience = new Patience(
                Duration.ofSeconds(5), 3, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3));
        return new Download(transport, hub, patience, pauses::add, () -> 0).look(server.address("a.gguf"));
    }

    @Test
    void onlyThePiecesThatAreReadAreFetchedAndEachOnce() throws IOException {
        try (var server = new FileServer(content)) {
            RemoteByteSource source = open(server);
            assertEquals(content.length, source.size());
            byte[] target = new byte[1000];
            for (int offset : List.of(0, 5, 3 * PIECE - 10, 3 * PIECE - 900)) {
                source.read(offset, target, 100, 900);
                assertArrayEquals(
                        Arrays.copyOfRange(content, offset, offset + 900), Arrays.copyOfRange(target, 100, 1000));
            }
            assertEquals(
                    List.of(
                            "bytes=0-" + (PIECE - 1),
                            "bytes=" + 2 * PIECE + "-" + (3 * PIECE - 1),
                            "bytes=" + 3 * PIECE + "-" + (4 * PIECE - 1)),
                    server.ranges());
            assertThrows(IOException.class, () -> source.read(content.length - 5, target, 0, 6));
            assertThrows(IOException.class, () -> source.read(-1, target, 0, 1));
        }
    }

    @Test
    void aPieceThatBreaksOffIsAskedForAgainAFewTimes() throws IOException {
        try (var server = new FileServer(content)) {
            RemoteByteSource source = open(server);
            server.breakAfter(1000);
            IOException failure = assertThrows(IOException.class, () -> source.read(PIECE, new byte[1], 0, 1));
            assertTrue(String.valueOf(failure.getMessage()).contains("3 times in a row"), failure::toString);
            assertEquals(2, pauses.size());
        }
    }

    @Test
    void aFileThatChangesMeanwhileIsNotMixed() throws IOException {
        try (var server = new FileServer(content)) {
            RemoteByteSource source = open(server);
            server.change();
            IOException failure = assertThrows(IOException.class, () -> source.read(PIECE, new byte[1], 0, 1));
            assertTrue(String.valueOf(failure.getMessage()).contains("has changed"), failure::toString);
        }
    }

    @Test
    void whatCannotBeLookedAtIsSaid() throws IOException {
        try (var server = new FileServer(content)) {
            server.sendWholeFilesOnly();
            assertRefused(server, "sends no parts of files");
            server.fail(404);
            assertRefused(server, "does not exist");
        }
        try (var server = new FileServer("<html>Please log in.</html>".getBytes(StandardCharsets.UTF_8))) {
            assertRefused(server, "web page");
        }
    }

    private void assertRefused(FileServer server, String words) {
        StoreException failure = assertThrows(StoreException.class, () -> open(server));
        assertTrue(String.valueOf(failure.getMessage()).contains(words), failure::toString);
    }
}
