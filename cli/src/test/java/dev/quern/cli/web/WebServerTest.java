package dev.quern.cli.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server of the page, asked as browsers ask and as they should not. */
class WebServerTest {
    private final byte[] weights = new byte[3_000_000];
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private WebServer server;

    WebServerTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        for (int index = 0; index < weights.length; index++) {
            weights[index] = (byte) ((index * 31) >> 3);
        }
        server = start(0);
    }

    private WebServer start(int port) throws IOException {
        Path page = folder.resolve("page");
        Files.createDirectories(page.resolve("assets"));
        Files.writeString(page.resolve("index.html"), "<!doctype html>");
        Files.writeString(page.resolve("assets/quern.wasm"), "wasm");
        Files.writeString(folder.resolve("secret"), "secret");
        return WebServer.start(
                page, new FakeBundle(Map.of("weights/000.bin", weights, "empty.json", new byte[0])), port);
    }

    @BeforeEach
    void reachable() throws Exception {
        assertEquals(200, get("").statusCode());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void givesThePageAlone() throws Exception {
        server.close();
        server = WebServer.start(folder.resolve("page"), null, 0);
        assertEquals(200, get("").statusCode());
        assertEquals(404, get("bundle/manifest.json").statusCode());
    }

    @Test
    void givesThePageWithItsTypes() throws Exception {
        var index = get("");
        assertEquals("<!doctype html>", new String(index.body(), StandardCharsets.UTF_8));
        assertEquals("text/html; charset=utf-8", type(index));
        assertEquals("application/wasm", type(get("assets/quern.wasm")));
    }

    @Test
    void givesFilesOfTheBundleWholeAndFromAByteOn() throws Exception {
        var whole = get("bundle/weights/000.bin");
        assertEquals(200, whole.statusCode());
        assertArrayEquals(weights, whole.body());
        var rest = get("bundle/weights/000.bin", "Range", "bytes=2999000-");
        assertEquals(206, rest.statusCode());
        assertEquals(
                "bytes 2999000-2999999/3000000",
                rest.headers().firstValue("Content-Range").orElse(""));
        assertArrayEquals(Arrays.copyOfRange(weights, 2_999_000, 3_000_000), rest.body());
        assertEquals(200, get("bundle/empty.json").statusCode());
    }

    @Test
    void refusesARangeBehindTheEnd() throws Exception {
        assertEquals(
                416, get("bundle/weights/000.bin", "Range", "bytes=3000000-").statusCode());
        // A form of range that is not understood is answered with the whole, as the protocol says.
        assertEquals(200, get("bundle/weights/000.bin", "Range", "bytes=-5").statusCode());
        assertEquals(200, get("bundle/weights/000.bin", "Range", "lines=1-").statusCode());
    }

    @Test
    void givesNothingElse() throws Exception {
        assertEquals(404, get("none").statusCode());
        assertEquals(404, get("bundle/none").statusCode());
        assertEquals(404, get("assets").statusCode());
        assertEquals(404, get("..%2Fsecret").statusCode());
        assertEquals(404, get("assets/..%2F..%2F..%2Fsecret").statusCode());
        var post = HttpRequest.newBuilder(URI.create(server.address()))
                .POST(BodyPublishers.ofString("x"))
                .build();
        assertEquals(405, client.send(post, BodyHandlers.ofByteArray()).statusCode());
    }

    @Test
    void twoCannotHaveOnePort() {
        int port = URI.create(server.address()).getPort();
        assertThrows(BindException.class, () -> start(port));
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create(server.address() + path)).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String type(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Content-Type").orElse("");
    }
}
