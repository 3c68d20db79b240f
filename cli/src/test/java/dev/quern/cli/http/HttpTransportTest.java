package dev.quern.cli.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpTransportTest {
    private static final byte[] CONTENT = "what was asked for".getBytes(StandardCharsets.UTF_8);

    private static HttpTransport transport(Map<String, String> environment) {
        return new HttpTransport(Proxies.of(environment), Hub.of(environment), Duration.ofSeconds(10));
    }

    /** One that gives up soon, and makes no difference where something comes. */
    private static HttpTransport hasty(Duration stall) {
        return new HttpTransport(Proxies.of(Map.of()), Hub.of(Map.of()), stall);
    }

    private static byte[] get(HttpTransport transport, URI address) throws IOException, InterruptedException {
        try (Answer answer = transport.open(address, Map.of())) {
            assertEquals(200, answer.status());
            return answer.body().readAllBytes();
        }
    }

    private static <T extends IOException> String failure(Class<T> kind, HttpTransport transport, URI address) {
        return String.valueOf(assertThrows(kind, () -> get(transport, address)).getMessage());
    }

    @Test
    void nothingCompressedIsAskedFor() throws IOException, InterruptedException {
        try (var server = new ScriptedServer(ScriptedServer.body(200, CONTENT))) {
            assertArrayEquals(CONTENT, get(transport(Map.of()), server.address("x")));
            assertEquals(List.of("identity"), server.headers("accept-encoding"));
            assertEquals(List.of(""), server.headers("upgrade"));
        }
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() throws IOException {
        try (var server = new ScriptedServer(ScriptedServer.silent())) {
            HttpTransport hasty = hasty(Duration.ofMillis(300));
            assertEquals("no data for 0.3 s", failure(StalledException.class, hasty, server.address("x")));
        }
    }

    @Test
    void aServerThatFallsSilentIsGivenUp() throws IOException, InterruptedException {
        try (var server = new ScriptedServer(ScriptedServer.stalled(CONTENT, "\"a\"", 4));
                Answer answer = hasty(Duration.ofMillis(700)).open(server.address("x"), Map.of());
                InputStream body = answer.body()) {
            assertArrayEquals("what".getBytes(StandardCharsets.UTF_8), body.readNBytes(4));
            assertThrows(StalledException.class, body::read);
        }
    }

    @Test
    void anAnswerThatIsNoHttpIsCalledSo() throws IOException {
        ScriptedServer.Reply other = (_, connection) -> connection
                .getOutputStream()
                .write("220 mail.example ESMTP\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        try (var server = new ScriptedServer(other)) {
            assertEquals(
                    "what the server answers is no HTTP",
                    failure(IOException.class, transport(Map.of()), server.address("x")));
        }
    }

    @Test
    void aServerThatIsSlowIsNot() throws IOException, InterruptedException {
        ScriptedServer.Reply slowly = (_, connection) -> {
            ScriptedServer.head(connection.getOutputStream(), 200, 5);
            for (int sent = 0; sent < 5; sent++) {
                pause(Duration.ofMillis(350));
                connection.getOutputStream().write('a' + sent);
            }
        };
        try (var server = new ScriptedServer(slowly)) {
            HttpTransport hasty = hasty(Duration.ofSeconds(1));
            assertArrayEquals("abcde".getBytes(StandardCharsets.UTF_8), get(hasty, server.address("x")));
        }
    }

    private static void pause(Duration duration) throws IOException {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void theTokenDoesNotFollowARedirectToAnotherHost() throws IOException, InterruptedException {
        try (var other = new ScriptedServer(ScriptedServer.body(200, CONTENT));
                var hub = new ScriptedServer(
                        ScriptedServer.status(307, "Location: /renamed"),
                        ScriptedServer.status(302, "Location: http://localhost:" + other.port() + "/x?signed"))) {
            Map<String, String> environment =
                    Map.of("HF_TOKEN", "hf_secret", "HF_ENDPOINT", "http://127.0.0.1:" + hub.port());
            assertArrayEquals(CONTENT, get(transport(environment), hub.address("model")));
            assertEquals(List.of("Bearer hf_secret", "Bearer hf_secret"), hub.headers("authorization"));
            assertEquals("GET /x?signed HTTP/1.1", other.requests().getFirst().line());
            assertEquals(List.of(""), other.headers("authorization"));
            assertFalse(other.requests().toString().contains("hf_secret"));
        }
    }

    @Test
    void theTokenComesBackWithARedirectToTheHub() throws IOException, InterruptedException {
        try (var hub = new ScriptedServer(ScriptedServer.body(200, CONTENT));
                var other = new ScriptedServer(ScriptedServer.status(302, "Location: " + hub.address("x")))) {
            Map<String, String> environment =
                    Map.of("HF_TOKEN", "hf_secret", "HF_ENDPOINT", "http://127.0.0.1:" + hub.port());
            get(transport(environment), other.address("y"));
            assertEquals(List.of(""), other.headers("authorization"));
            assertEquals(List.of("Bearer hf_secret"), hub.headers("authorization"));
        }
    }

    @Test
    void redirectsEnd() throws IOException {
        try (var server = new ScriptedServer(ScriptedServer.status(302, "Location: /again"))) {
            String message = failure(HttpFailure.class, transport(Map.of()), server.address("x"));
            assertTrue(message.contains("given up after 10"), message);
            assertEquals(11, server.requests().size());
        }
    }

    @Test
    void redirectsOutOfEncryptionAndToOtherSchemesAreRefused() throws IOException {
        URI secure = URI.create("https://models.example/x");
        HttpFailure plain =
                assertThrows(HttpFailure.class, () -> HttpTransport.target(secure, "http://login.example/"));
        assertTrue(String.valueOf(plain.getMessage()).contains("log in to this network"), plain.getMessage());
        for (String location : List.of("file:///etc/passwd", "ftp://models.example/x", "http:///x", "%%")) {
            assertThrows(
                    HttpFailure.class,
                    () -> HttpTransport.target(URI.create("http://models.example/x"), location),
                    location);
        }
        assertEquals(
                URI.create("https://models.example/b/c?d"), HttpTransport.target(secure, "/b/c?d"), "a relative one");
    }

    @Test
    void aProxyIsAskedForPlainAddressesWithItsUserAndPassword() throws IOException, InterruptedException {
        try (var proxy = new ScriptedServer(ScriptedServer.body(200, CONTENT))) {
            Map<String, String> environment = Map.of(
                    "http_proxy", "http://ada:pass@127.0.0.1:" + proxy.port(), "no_proxy", "direct.example,localhost");
            // The name is the proxy's to know: nothing of this machine could look it up.
            assertArrayEquals(CONTENT, get(transport(environment), URI.create("http://models.invalid/x.gguf")));
            assertEquals(
                    "GET http://models.invalid/x.gguf HTTP/1.1",
                    proxy.requests().getFirst().line());
            assertEquals(List.of("Basic " + base64("ada:pass")), proxy.headers("proxy-authorization"));
        }
    }

    @Test
    void aProxyIsAskedForATunnelToSecureAddressesWithItsUserAndPassword() throws IOException {
        try (var proxy = new ScriptedServer(ScriptedServer.status(403))) {
            Map<String, String> environment =
                    Map.of("https_proxy", "http://ada:pass@127.0.0.1:" + proxy.port(), "HF_TOKEN", "hf_secret");
            String message =
                    failure(HttpFailure.class, transport(environment), URI.create("https://huggingface.co/x.gguf"));
            assertTrue(message.contains("the proxy 127.0.0.1:" + proxy.port() + " answers with HTTP 403"), message);
            assertEquals(
                    "CONNECT huggingface.co:443 HTTP/1.1",
                    proxy.requests().getFirst().line());
            assertEquals(List.of("Basic " + base64("ada:pass")), proxy.headers("proxy-authorization"));
            assertEquals(List.of(""), proxy.headers("authorization"), "the token is not the proxy's");
        }
    }

    @Test
    void whatIsExceptedIsNotAskedOfTheProxy() throws IOException, InterruptedException {
        try (var proxy = new ScriptedServer(ScriptedServer.status(403));
                var server = new ScriptedServer(ScriptedServer.body(200, CONTENT))) {
            Map<String, String> environment =
                    Map.of("http_proxy", "http://ada:pass@127.0.0.1:" + proxy.port(), "no_proxy", "127.0.0.0/8");
            assertArrayEquals(CONTENT, get(transport(environment), server.address("x")));
            assertEquals(List.of(), proxy.requests());
            assertEquals(List.of(""), server.headers("proxy-authorization"));
        }
    }

    @Test
    void aProxyThatWantsAPasswordIsNamed() throws IOException {
        for (String scheme : List.of("http", "https")) {
            try (var proxy =
                    new ScriptedServer(ScriptedServer.status(407, "Proxy-Authenticate: Basic realm=\"office\""))) {
                Map<String, String> environment = Map.of("all_proxy", "127.0.0.1:" + proxy.port());
                String message =
                        failure(HttpFailure.class, transport(environment), URI.create(scheme + "://models.invalid/x"));
                assertTrue(message.contains("http://USER:PASSWORD@127.0.0.1:" + proxy.port()), message);
                Map<String, String> wrong = Map.of("all_proxy", "ada:pass@127.0.0.1:" + proxy.port());
                String refused =
                        failure(HttpFailure.class, transport(wrong), URI.create(scheme + "://models.invalid/x"));
                assertTrue(refused.contains("refuses the user and the password"), refused);
                assertFalse(refused.contains("pass@"), refused);
            }
        }
    }

    @Test
    void aProxyThatIsNotThereIsNamed() throws IOException {
        int port;
        try (var gone = new ScriptedServer(ScriptedServer.silent())) {
            port = gone.port();
        }
        IOException failure = assertThrows(
                IOException.class,
                () -> get(transport(Map.of("all_proxy", "127.0.0.1:" + port)), URI.create("http://models.invalid/x")));
        assertFalse(failure instanceof HttpFailure, "it may come back");
        assertTrue(
                String.valueOf(failure.getMessage()).contains("refused, or there is no network (through the proxy"),
                failure.getMessage());
    }

    @Test
    void aServerThatSpeaksNoTlsIsSaidAtOnce() throws IOException {
        try (var plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> refuse(plain));
            int port = plain.getLocalPort();
            String message =
                    failure(HttpFailure.class, transport(Map.of()), URI.create("https://127.0.0.1:" + port + "/x"));
            assertTrue(message.endsWith("Does the server speak HTTPS at port " + port + "?"), message);
        }
    }

    /** Answers a greeting that is no request, as plain servers do. */
    private static void refuse(ServerSocket server) {
        try (Socket connection = server.accept()) {
            ScriptedServer.head(connection.getOutputStream(), 400, 0);
            connection.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aCertificateThatNobodyTrustsIsSaidAtOnce(@TempDir Path folder) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder.resolve("keys"))));
        server.start();
        try {
            URI address = URI.create("https://localhost:" + server.getAddress().getPort() + "/x");
            String message = failure(HttpFailure.class, transport(Map.of()), address);
            assertTrue(message.contains("The certificate of localhost is from nobody whom Java trusts"), message);
        } finally {
            server.stop(0);
        }
    }

    private static SSLContext selfSigned(Path file) throws IOException, InterruptedException, GeneralSecurityException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-J-XX:TieredStopAtLevel=1",
                        "-J-XX:+UseSerialGC",
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
