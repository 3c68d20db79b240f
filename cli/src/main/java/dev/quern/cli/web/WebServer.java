package dev.quern.cli.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.BundleSource;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves the page at {@code /} and a bundle, if there is one, at {@code /bundle/}, to this machine only. Files of the
 * bundle can be asked for from a byte on, which is how an interrupted download goes on.
 */
public final class WebServer implements AutoCloseable {
    private static final int PIECE = 1 << 20;
    private static final String BUNDLE = "/bundle/";

    private final HttpServer server;
    private final Path page;
    private final @Nullable BundleSource bundle;

    private WebServer(HttpServer server, Path page, @Nullable BundleSource bundle) {
        this.server = server;
        this.page = page;
        this.bundle = bundle;
    }

    /**
     * Begins to serve.
     *
     * @param bundle what lies beside the page, if anything does
     * @param port 0 for any that is free
     * @throws IOException if the port is taken
     */
    public static WebServer start(Path page, @Nullable BundleSource bundle, int port) throws IOException {
        var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        var server = new WebServer(http, page, bundle);
        http.createContext("/", server::answer);
        // One thread: the source reads one file at a time.
        http.start();
        return server;
    }

    /** Where a browser finds the page. */
    public String address() {
        return "http://localhost:" + server.getAddress().getPort() + "/";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            String path = exchange.getRequestURI().getPath();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.sendResponseHeaders(405, -1);
            } else if (bundle != null && path.startsWith(BUNDLE) && bundle.has(path.substring(BUNDLE.length()))) {
                answer(exchange, path, new OfBundle(bundle, path.substring(BUNDLE.length())));
            } else {
                Path file = page.resolve(path.equals("/") ? "index.html" : path.substring(1))
                        .normalize();
                if (file.startsWith(page.normalize()) && Files.isRegularFile(file)) {
                    answer(exchange, file.toString(), new OfPage(ByteBuffer.wrap(Files.readAllBytes(file))));
                } else {
                    exchange.sendResponseHeaders(404, -1);
                }
            }
        } catch (BundleException damaged) {
            throw new IOException(damaged.getMessage(), damaged);
        }
    }

    /** Bytes that can be read from a place on. */
    private interface Content {
        long size();

        void read(long offset, ByteBuffer into);
    }

    private record OfBundle(BundleSource bundle, String file) implements Content {
        @Override
        public long size() {
            return bundle.size(file);
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            bundle.read(file, offset, into);
        }
    }

    private record OfPage(ByteBuffer bytes) implements Content {
        @Override
        public long size() {
            return bytes.limit();
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            into.put(bytes.duplicate().position((int) offset).limit((int) offset + into.remaining()));
        }
    }

    private static void answer(HttpExchange exchange, String name, Content content) throws IOException {
        long size = content.size();
        Optional<Long> asked = start(exchange.getRequestHeaders().getFirst("Range"));
        long start = asked.orElse(0L);
        var headers = exchange.getResponseHeaders();
        if (start >= size && start > 0) {
            headers.set("Content-Range", "bytes */" + size);
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        headers.set("Content-Type", type(name));
        headers.set("Accept-Ranges", "bytes");
        // The page asks again; what it keeps it keeps by its hash.
        headers.set("Cache-Control", "no-cache");
        if (asked.isPresent()) {
            headers.set("Content-Range", "bytes " + start + "-" + (size - 1) + "/" + size);
        }
        boolean empty = exchange.getRequestMethod().equals("HEAD") || size == 0;
        exchange.sendResponseHeaders(asked.isPresent() ? 206 : 200, empty ? -1 : size - start);
        if (!empty) {
            send(exchange.getResponseBody(), content, start, size);
        }
    }

    private static void send(OutputStream out, Content content, long start, long size) throws IOException {
        byte[] piece = new byte[(int) Math.min(PIECE, size - start)];
        for (long offset = start; offset < size; ) {
            int count = (int) Math.min(piece.length, size - offset);
            content.read(offset, ByteBuffer.wrap(piece, 0, count));
            out.write(piece, 0, count);
            offset += count;
        }
    }

    /**
     * The first byte of {@code bytes=N-}, the one form of range that the page sends; others are answered with the
     * whole.
     */
    private static Optional<Long> start(@Nullable String range) {
        if (range == null || !range.startsWith("bytes=") || !range.endsWith("-")) {
            return Optional.empty();
        }
        try {
            long start = Long.parseLong(range.substring("bytes=".length(), range.length() - 1));
            return start < 0 ? Optional.empty() : Optional.of(start);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String type(String name) {
        String suffix = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (suffix) {
            case "html" -> "text/html; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "json" -> "application/json";
            case "wgsl" -> "text/plain; charset=utf-8";
            case "wasm" -> "application/wasm";
            default -> "application/octet-stream";
        };
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
