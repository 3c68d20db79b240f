package dev.quern.cli.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.http.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused at once, in words that say what to do, with nothing left behind. */
class DownloadRefusalsTest extends DownloadSetting {
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
