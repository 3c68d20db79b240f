package dev.quern.cli.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.http.ScriptedServer;
import dev.quern.cli.http.ScriptedServer.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an earlier try has left is taken up where it is a part of the same file, and only there. */
class DownloadPartsTest extends DownloadSetting {
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
}
