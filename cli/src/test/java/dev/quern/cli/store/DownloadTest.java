package dev.quern.cli.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.http.HttpTransport;
import dev.quern.cli.http.Hub;
import dev.quern.cli.http.Proxies;
import dev.quern.cli.http.ScriptedServer;
import dev.quern.cli.http.ScriptedServer.Reply;
import dev.quern.cli.http.Transport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a server that does what networks do: they stall, are cut, and ask for patience. */
class DownloadTest extends DownloadSetting {
    @Test
    void aWholeFileArrives(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer(file())) {
            assertFetched(server, folder);
            assertEquals(List.of(""), server.headers("range"));
        }
        assertEquals(List.of(), pauses);
    }

    @Test
    void aDownloadThatIsCutGoesOnWhereItStopped(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer(ScriptedServer.cut(content, TAG, 100_000), file())) {
            assertFetched(server, folder);
            assertEquals(List.of("", "bytes=100000-"), server.headers("range"));
            assertEquals(List.of("", TAG), server.headers("if-range"));
        }
        assertEquals("the connection broke off, trying again in 0.3 s", watcher.notes.getFirst());
        assertEquals(List.of(Duration.ofMillis(250)), pauses);
    }

    @Test
    void aDownloadThatStallsGoesOnWhereItStopped(@TempDir Path folder) throws IOException {
        Hub hub = Hub.of(Map.of());
        var hasty = new HttpTransport(Proxies.of(Map.of()), hub, Duration.ofMillis(700));
        try (var server =
                new ScriptedServer(ScriptedServer.stalled(content, TAG, 100_000), ScriptedServer.silent(), file())) {
            assertFetched(download(hasty, hub), server, folder);
            assertEquals(List.of("", "bytes=100000-", "bytes=100000-"), server.headers("range"));
        }
        assertEquals("no data for 0.7 s, trying again", watcher.notes.getFirst());
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void aServerThatIsBusyOnceIsAskedAgain(int status, @TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer(ScriptedServer.status(status), file())) {
            assertFetched(server, folder);
        }
        assertEquals("the server answers with HTTP " + status + ", trying again in 0.3 s", watcher.notes.getFirst());
    }

    @Test
    void aServerThatAsksForPatienceGetsIt(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer(
                ScriptedServer.status(429, "Retry-After: 7"),
                ScriptedServer.status(
                        503, "Date: Mon, 30 Nov 2026 10:00:00 GMT", "Retry-After: Mon, 30 Nov 2026 10:00:11 GMT"),
                ScriptedServer.status(503, "Retry-After: 600"),
                file())) {
            assertFetched(server, folder);
        }
        assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(11), Duration.ofSeconds(120)), pauses);
        assertEquals("the server asks to wait 7 s", watcher.notes.getFirst());
        assertEquals("the server asks to wait 11 s (3 of 6)", watcher.notes.get(1));
        assertEquals("the server asks to wait 10 min, trying again in 120 s (4 of 6)", watcher.notes.get(2));
    }

    /** What is not given before all patience is at an end is not asked for again. */
    @Test
    void aServerThatAsksForADayIsLeftAlone(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer(ScriptedServer.status(429, "Retry-After: 86400"), file())) {
            StoreException failure = assertThrows(
                    StoreException.class, () -> fetch(server.address("model.gguf"), folder.resolve("model.gguf")));
            assertTrue(
                    failure.getMessage()
                            .endsWith(
                                    " cannot be fetched now: the server answers with HTTP 429 and asks to be left alone"
                                            + " for 24 h. Try again then."),
                    failure.getMessage());
            assertEquals(1, server.requests().size());
        }
        assertEquals(List.of(), pauses);
    }

    @Test
    void aConnectionThatIsResetIsMadeAgain(@TempDir Path folder) throws IOException {
        // Java's client asks a second time by itself where a connection ends before the answer.
        try (var server = new ScriptedServer(
                ScriptedServer.reset(),
                ScriptedServer.reset(),
                ScriptedServer.reset(),
                ScriptedServer.resetAfter(content, TAG, 100_000),
                file())) {
            assertFetched(server, folder);
        }
        assertTrue(watcher.notes.getFirst().startsWith("the server closed the connection without an answer, trying"));
    }

    @Test
    void aNameThatIsUnknownForAMomentIsLookedUpAgain(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer(file())) {
            var transport = new HttpTransport(Proxies.of(Map.of()), Hub.of(Map.of()), PATIENCE.stall());
            List<URI> asked = new ArrayList<>();
            Transport flickering = (address, headers) -> {
                asked.add(address);
                if (asked.size() < 3) {
                    throw (ConnectException) new ConnectException().initCause(new UnresolvedAddressException());
                }
                return transport.open(address, headers);
            };
            Path target = folder.resolve("a.gguf");
            download(flickering, Hub.of(Map.of()))
                    .fetch(server.address("a"), target, Optional.empty(), _ -> {}, watcher);
            assertArrayEquals(content, Files.readAllBytes(target));
        }
        assertTrue(watcher.notes.getFirst().startsWith("the host's name is unknown"), watcher.notes.toString());
    }

    @Test
    void aServerThatGivesNothingIsGivenUpAfterSixTries(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer(ScriptedServer.status(503))) {
            String message = failure(server.address("a"), folder.resolve("a.gguf"));
            assertTrue(message.contains("the server answers with HTTP 503. It was tried 6 times"), message);
            assertEquals(6, server.requests().size());
        }
        assertEquals(
                List.of(250L, 500L, 1000L, 2000L, 4000L),
                pauses.stream().map(Duration::toMillis).toList());
    }

    @Test
    void aBadNetworkIsOvercomeAsLongAsBytesCome(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer(ScriptedServer.cut(content, TAG, 20_000))) {
            assertFetched(server, folder);
            assertEquals(15, server.requests().size());
        }
    }

    @Test
    void aServerWithoutRangesThatBreaksOffAtEachTryIsGivenUp(@TempDir Path folder) throws IOException {
        Reply cut = (_, connection) -> {
            ScriptedServer.head(connection.getOutputStream(), 200, BYTES, "ETag: " + TAG);
            connection.getOutputStream().write(content, 0, 100_000);
        };
        try (var server = new ScriptedServer(cut)) {
            String message = failure(server.address("a"), folder.resolve("a.gguf"));
            assertTrue(message.contains("broke off after 100000 bytes"), message);
            // The first one brought bytes.
            assertEquals(7, server.requests().size());
        }
    }
}
