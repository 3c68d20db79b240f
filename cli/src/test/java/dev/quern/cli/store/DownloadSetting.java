package dev.quern.cli.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.cli.http.HttpTransport;
import dev.quern.cli.http.Hub;
import dev.quern.cli.http.Patience;
import dev.quern.cli.http.Proxies;
import dev.quern.cli.http.ScriptedServer;
import dev.quern.cli.http.ScriptedServer.Reply;
import dev.quern.cli.http.Transport;
import dev.quern.cli.terminal.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A file to fetch, a client whose pauses are noted instead of waited for, and what both leave behind. */
abstract class DownloadSetting {
    static final int BYTES = 300_000;
    static final String TAG = "\"first\"";
    static final Patience PATIENCE = new Patience(
            Duration.ofSeconds(5), 6, Duration.ofMillis(500), Duration.ofSeconds(16), Duration.ofSeconds(120));

    final byte[] content = new byte[BYTES];
    final List<Duration> pauses = new ArrayList<>();
    final Watcher watcher = new Watcher();

    DownloadSetting() {
        new Random(7).nextBytes(content);
        System.arraycopy("GGUF".getBytes(StandardCharsets.US_ASCII), 0, content, 0, 4);
    }

    static final class Watcher implements Progress {
        final List<String> notes = new ArrayList<>();
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

    Download download(Transport transport, Hub hub) {
        return new Download(transport, hub, PATIENCE, pauses::add, () -> 0);
    }

    Download download() {
        return download(Map.of());
    }

    Download download(Map<String, String> environment) {
        Hub hub = Hub.of(environment);
        return download(new HttpTransport(Proxies.of(environment), hub, PATIENCE.stall()), hub);
    }

    void fetch(URI address, Path target) {
        download().fetch(address, target, Optional.empty(), _ -> {}, watcher);
    }

    String failure(URI address, Path target) {
        return String.valueOf(
                assertThrows(StoreException.class, () -> fetch(address, target)).getMessage());
    }

    /** Fetches with the hash expected, and sees that the right bytes and nothing else are there. */
    void assertFetched(ScriptedServer server, Path folder) throws IOException {
        assertFetched(download(), server, folder);
    }

    void assertFetched(Download download, ScriptedServer server, Path folder) throws IOException {
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

    static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** A part of the file and what it is a part of, as an earlier run has left them. */
    void leave(Path folder, URI address, int bytes, String tag) throws IOException {
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

    Reply file() {
        return ScriptedServer.file(content, TAG);
    }
}
