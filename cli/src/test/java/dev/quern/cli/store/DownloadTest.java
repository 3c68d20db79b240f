package dev.quern.cli.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.http.HttpTransport;
import dev.quern.cli.http.Hub;
import dev.quern.cli.http.Patience;
import dev.quern.cli.http.Proxies;
import dev.quern.cli.http.ScriptedServer;
import dev.quern.cli.http.ScriptedServer.Reply;
import dev.quern.cli.http.Transport;
import dev.quern.cli.terminal.Progress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a server that does what networks do; pauses are noted instead of waited for. */
class DownloadTest {
    private static final int BYTES = 300_000;
    private static final String TAG = "\"first\"";
    private static final Patience PATIENCE = new Patience(
            Duration.ofSeconds(5), 6, Duration.ofMillis(500), Duration.ofSeconds(16), Duration.ofSeconds(120));

    private final byte[] content = new byte[BYTES];
    private final List<Duration> pauses = new ArrayList<>();
    private final Watcher watcher = new Watcher();

    DownloadTest() {
        new Random(7).nextBytes(content);
        System.arraycopy("GGUF".getBytes(StandardCharsets.US_ASCII), 0, content, 0, 4);
    }

    private static final class Watcher implements Progress {
        private final List<String> notes = new ArrayList<>();
        private long done;
        private long total;

        @Override
        public void at(long nowDone, long nowTotal) {
            done = nowDone;
            total = nowTotal;
        }

        @Override
        public void note(String reason) {
            notes.add(reason);
        }
    }

    private Download download(Transport transport, Hub hub) {
        return new Download(transport, hub, PATIENCE, pauses::add, () -> 0);
    }

    private Download download() {
        return download(Map.of());
    }

    private Download download(Map<String, String> environment) {
        Hub hub = Hub.of(environment);
        return download(new HttpTransport(Proxies.of(environment), hub, PATIENCE.stall()), hub);
    }

    private void fetch(URI address, Path target) {
        download().fetch(address, target, Optional.empty(), _ -> {}, watcher);
    }

    private String failure(URI address, Path target) {
        return String.valueOf(
                assertThrows(StoreException.class, () -> fetch(address, target)).getMessage());
    }

    /** Fetches with the hash expected, and sees that the right bytes and nothing else are there. */
    private void assertFetched(ScriptedServer server, Path folder) throws IOException {
        assertFetched(download(), server, folder);
    }

    private void assertFetched(Download download, ScriptedServer server, Path folder) throws IOException {
        Path target = folder.resolve("a.gguf");
        Path right = Files.write(folder.resolve("right"), content);
        String sha256 = Sha256.of(right, Progress.NONE);
        Files.delete(right);
        download.fetch(server.address("a"), target, Optional.of(sha256), _ -> {}, watcher);
        assertArrayEquals(content, Files.readAllBytes(target));
        assertEquals(List.of("a.gguf"), names(folder));
        assertEquals(BYTES, watcher.done);
        assertEquals(BYTES, watcher.total);
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** A part of the file and what it is a part of, as an earlier run has left them. */
    private void leave(Path folder, URI address, int bytes, String tag) throws IOException {
        try (var server = new ScriptedServer(ScriptedServer.cut(content, tag, bytes), ScriptedServer.status(404))) {
            Path target = folder.resolve("a.gguf");
            failure(server.address("a"), target);
            assertEquals(List.of("a.gguf.part", "a.gguf.part.of"), names(folder));
            assertEquals(bytes, Files.size(folder.resolve("a.gguf.part")));
            Files.write(folder.resolve("a.gguf.part.of"), List.of(address.toString(), tag));
        }
        watcher.notes.clear();
        pauses.clear();
    }

    private Reply file() {
        return ScriptedServer.file(content, TAG);
    }

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
                ScriptedServer.status(503, "Retry-After: 3600"),
                file())) {
            assertFetched(server, folder);
        }
        assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(11), Duration.ofSeconds(120)), pauses);
        assertEquals("the server asks to wait 7 s", watcher.notes.getFirst());
        assertEquals("the server asks to wait 11 s (3 of 6)", watcher.notes.get(1));
        assertEquals("the server asks to wait 60 min, trying again in 120 s (4 of 6)", watcher.notes.get(2));
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
    void whatHasComeIsTakenUpByTheNextRun(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer(file())) {
            leave(folder, server.address("a"), 100_000, TAG);
            assertFetched(server, folder);
            assertEquals(List.of("bytes=100000-"), server.headers("range"));
        }
    }

    @Test
    void aPartFromAnotherAddressIsNotTakenUp(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer(file())) {
            leave(folder, server.address("other"), 100_000, TAG);
            assertFetched(server, folder);
            assertEquals(List.of(""), server.headers("range"));
        }
    }

    @Test
    void aFileThatChangedMeanwhileIsFetchedAnew(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer(ScriptedServer.file(content, "\"second\""))) {
            leave(folder, server.address("a"), 100_000, TAG);
            assertFetched(server, folder);
            assertEquals(1, server.requests().size());
        }
    }

    @Test
    void aChangedFileIsNoticedWhereTheServerDoesNotHeedTheCondition(@TempDir Path folder) throws IOException {
        String range = "Content-Range: bytes 100000-299999/300000";
        Reply careless = ScriptedServer.body(206, new byte[200_000], "ETag: \"second\"", range);
        try (var server = new ScriptedServer(careless, file())) {
            leave(folder, server.address("a"), 100_000, TAG);
            assertFetched(server, folder);
            assertEquals(List.of("bytes=100000-", ""), server.headers("range"));
        }
        assertTrue(watcher.notes.getFirst().startsWith("the file has changed on the server, beginning anew"));
    }

    @Test
    void aPartThatDoesNotFitIsNoticedByTheHash(@TempDir Path folder) throws IOException {
        String range = "Content-Range: bytes 100000-299999/300000";
        Reply silentlyOther = ScriptedServer.body(206, new byte[200_000], range);
        try (var server = new ScriptedServer(silentlyOther, file())) {
            leave(folder, server.address("a"), 100_000, TAG);
            assertFetched(server, folder);
            assertEquals(List.of("bytes=100000-", ""), server.headers("range"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Range: bytes 90000-289999/300000",
                "Content-Range: bytes 0-199999/300000",
                "Content-Range: bytes 100000-99999/300000",
                "Content-Range: something",
                "X-Other: 1"
            })
    void anotherPartThanWasAskedForIsNotBelieved(String header, @TempDir Path folder) throws IOException {
        Reply wrong = ScriptedServer.body(206, new byte[200_000], "ETag: " + TAG, header);
        try (var server = new ScriptedServer(wrong, file())) {
            leave(folder, server.address("a"), 100_000, TAG);
            assertFetched(server, folder);
            assertEquals(List.of("bytes=100000-", ""), server.headers("range"));
        }
    }

    @Test
    void aServerWithoutRangesSendsAllOfItAgain(@TempDir Path folder) throws IOException {
        Reply whole = ScriptedServer.body(200, content, "ETag: " + TAG);
        try (var server = new ScriptedServer(ScriptedServer.cut(content, TAG, 100_000), whole)) {
            assertFetched(server, folder);
            assertEquals(List.of("", "bytes=100000-"), server.headers("range"));
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

    @Test
    void aFileThatChangesWhileItIsFetchedEndsAllTheSame(@TempDir Path folder) throws IOException {
        String other = "\"second\"";
        try (var server = new ScriptedServer(
                ScriptedServer.cut(content, TAG, 200_000), ScriptedServer.cut(content, other, 15_000))) {
            assertFetched(server, folder);
            assertEquals(21, server.requests().size());
        }
    }

    @Test
    void aServerThatCannotTellItsFilesApartIsNotAskedForParts(@TempDir Path folder) throws IOException {
        Reply cut = (_, connection) -> {
            ScriptedServer.head(connection.getOutputStream(), 200, BYTES, "ETag: W/\"weak\"");
            connection.getOutputStream().write(content, 0, 100_000);
        };
        try (var server = new ScriptedServer(cut, file())) {
            assertFetched(server, folder);
            assertEquals(List.of("", ""), server.headers("range"));
        }
    }

    @Test
    void aFileThatIsAllHereNeedsNoFurtherByte(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer(file())) {
            leave(folder, server.address("a"), BYTES - 1, TAG);
            Files.write(folder.resolve("a.gguf.part"), content);
            assertFetched(server, folder);
            assertEquals(List.of("bytes=300000-"), server.headers("range"));
        }
    }

    @Test
    void aFileThatIsShorterThanWhatIsHereIsFetchedAnew(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer(ScriptedServer.status(416, "Content-Range: bytes */99"), file())) {
            leave(folder, server.address("a"), 100_000, TAG);
            assertFetched(server, folder);
            assertEquals(List.of("bytes=100000-", ""), server.headers("range"));
        }
    }

    @Test
    void bytesBeyondTheAnnouncedLengthAreNoPartOfTheFile(@TempDir Path folder) throws IOException {
        Reply longer = (_, connection) -> {
            ScriptedServer.head(connection.getOutputStream(), 200, BYTES, "ETag: " + TAG);
            connection.getOutputStream().write(content);
            connection.getOutputStream().write("and more".getBytes(StandardCharsets.US_ASCII));
        };
        try (var server = new ScriptedServer(longer)) {
            assertFetched(server, folder);
        }
    }

    @Test
    void aPartThatIsLongerThanItsRangeIsNotBelieved(@TempDir Path folder) throws IOException {
        String range = "Content-Range: bytes 100000-299999/300000";
        Reply longer = ScriptedServer.body(206, new byte[200_001], "ETag: " + TAG, range);
        try (var server = new ScriptedServer(longer, file())) {
            leave(folder, server.address("a"), 100_000, TAG);
            assertFetched(server, folder);
        }
        assertTrue(watcher.notes.getFirst().contains("sends more than the 300000 bytes"), watcher.notes.toString());
    }

    @Test
    void aPartThatIsShorterThanTheRestIsContinued(@TempDir Path folder) throws IOException {
        byte[] some = new byte[50_000];
        System.arraycopy(content, 100_000, some, 0, some.length);
        Reply shorter = ScriptedServer.body(206, some, "ETag: " + TAG, "Content-Range: bytes 100000-149999/300000");
        try (var server = new ScriptedServer(shorter, file())) {
            leave(folder, server.address("a"), 100_000, TAG);
            assertFetched(server, folder);
            assertEquals(List.of("bytes=100000-", "bytes=150000-"), server.headers("range"));
        }
    }

    @Test
    void compressedBytesAreRefused(@TempDir Path folder) throws IOException {
        try (var server = new ScriptedServer(ScriptedServer.body(200, content, "Content-Encoding: gzip"))) {
            String message = failure(server.address("a"), folder.resolve("a.gguf"));
            assertTrue(message.contains("sends the file compressed (gzip)"), message);
            assertEquals(1, server.requests().size(), "asked once");
        }
        assertEquals(List.of(), names(folder));
    }

    @Test
    void aPageInPlaceOfAModelIsSaidAtOnceAndHarmsNothing(@TempDir Path folder) throws IOException {
        // A network that wants a login answers whatever is asked with its page.
        byte[] page = "\r\n<!DOCTYPE html><title>Welcome</title>".getBytes(StandardCharsets.UTF_8);
        try (var server = new ScriptedServer(ScriptedServer.body(200, page), file())) {
            leave(folder, server.address("a"), 100_000, TAG);
            String message = failure(server.address("a"), folder.resolve("a.gguf"));
            assertTrue(message.contains("answers with a web page, not with a model"), message);
            assertEquals(1, server.requests().size(), "asked once");
            assertFetched(server, folder);
            assertEquals(List.of("bytes=100000-", "bytes=100000-"), server.headers("range"));
        }
    }

    @Test
    void thePageAboutAFileIsToldFromTheFile(@TempDir Path folder) throws IOException {
        byte[] page = "<html>".getBytes(StandardCharsets.UTF_8);
        try (var server = new ScriptedServer(ScriptedServer.body(200, page))) {
            String message = failure(server.address("a/b/blob/main/x.gguf"), folder.resolve("a.gguf"));
            assertTrue(message.contains("/resolve/ in place of /blob/"), message);
        }
    }

    @Test
    void whatBeginsNoModelIsSaidAtOnce(@TempDir Path folder) throws IOException {
        byte[] zip = {'P', 'K', 3, 4, 0, 0, 0, 0};
        try (var server = new ScriptedServer(ScriptedServer.body(200, zip))) {
            String message = failure(server.address("a"), folder.resolve("a.gguf"));
            assertTrue(message.contains("sends is no model") && message.contains("zip archive"), message);
        }
        assertEquals(List.of(), names(folder));
    }

    @Test
    void aWrongHashIsRefusedAndNothingIsKept(@TempDir Path folder) throws IOException {
        String wrong = "0".repeat(64);
        try (var server = new ScriptedServer(file())) {
            StoreException failure = assertThrows(
                    StoreException.class,
                    () -> download()
                            .fetch(
                                    server.address("a"),
                                    folder.resolve("a.gguf"),
                                    Optional.of(wrong),
                                    _ -> {},
                                    watcher));
            assertTrue(failure.getMessage().contains("but " + wrong + " is expected"), failure.getMessage());
            assertEquals(1, server.requests().size());
        }
        assertEquals(List.of(), names(folder));
    }

    @Test
    void refusalsOfTheServerAreExplainedAndNotAskedForAgain(@TempDir Path folder) throws IOException {
        Map<Integer, String> words = Map.of(
                404, "does not exist (HTTP 404)",
                410, "does not exist (HTTP 410)",
                403, "refuses access (HTTP 403). If it asks for a user",
                400, "answers with HTTP 400",
                511, "asks to log in first");
        for (Map.Entry<Integer, String> each : words.entrySet()) {
            try (var server = new ScriptedServer(ScriptedServer.status(each.getKey()))) {
                String message = failure(server.address("a"), folder.resolve("a.gguf"));
                assertTrue(message.contains(each.getValue()), message);
                assertEquals(1, server.requests().size());
            }
        }
        assertEquals(List.of(), names(folder));
    }

    @Test
    void aGatedModelIsCalledSo(@TempDir Path folder) throws IOException {
        for (int status : List.of(401, 403)) {
            try (var server = new ScriptedServer(ScriptedServer.status(status))) {
                String endpoint = "http://127.0.0.1:" + server.port();
                Path target = folder.resolve("a.gguf");
                StoreException without = assertThrows(
                        StoreException.class,
                        () -> download(Map.of("HF_ENDPOINT", endpoint))
                                .fetch(server.address("a"), target, Optional.empty(), _ -> {}, watcher));
                assertTrue(without.getMessage().contains("gated or private"), without.getMessage());
                assertTrue(without.getMessage().contains("set HF_TOKEN to"), without.getMessage());
                StoreException with = assertThrows(
                        StoreException.class,
                        () -> download(Map.of("HF_ENDPOINT", endpoint, "HF_TOKEN", "hf_secret"))
                                .fetch(server.address("a"), target, Optional.empty(), _ -> {}, watcher));
                assertTrue(with.getMessage().contains("HF_TOKEN was sent"), with.getMessage());
                assertFalse(with.getMessage().contains("hf_secret"), with.getMessage());
            }
        }
    }

    @Test
    void aDiskThatRefusesIsNotTheNetwork(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("a.gguf.part").resolve("in the way"));
        try (var server = new ScriptedServer(file())) {
            String message = failure(server.address("a"), folder.resolve("a.gguf"));
            assertTrue(message.contains("a.gguf.part cannot be written"), message);
            assertEquals(1, server.requests().size(), "asked once");
        }
        assertEquals(List.of(), pauses);
    }
}
