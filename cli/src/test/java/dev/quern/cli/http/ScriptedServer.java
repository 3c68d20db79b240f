package dev.quern.cli.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server on a bare socket, for answers that no library would give. The first request is answered by the first of the
 * replies, and so on; the last one also answers all that follow. Each connection carries one request.
 */
public final class ScriptedServer implements AutoCloseable {

    /**
     * What was asked.
     *
     * @param line the first line
     * @param headers their names in small letters
     */
    public record Request(String line, Map<String, String> headers) {
        /** A header, or nothing. */
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }
    }

    /** Writes an answer to a connection, which is closed after it. */
    @FunctionalInterface
    public interface Reply {
        void write(Request request, Socket connection) throws IOException;
    }

    private final ServerSocket socket;
    private final List<Reply> replies;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    public ScriptedServer(Reply... replies) throws IOException {
        this.replies = List.of(replies);
        socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::accept);
    }

    /** An address here, by the host's number. */
    public URI address(String path) {
        return URI.create("http://127.0.0.1:" + port() + "/" + path);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** All requests so far. */
    public List<Request> requests() {
        return requests;
    }

    /** One header of each request; an empty text where it was not sent. */
    public List<String> headers(String name) {
        return requests.stream().map(each -> each.header(name).orElse("")).toList();
    }

    private void accept() {
        for (int count = 0; !socket.isClosed(); count++) {
            try {
                Socket connection = socket.accept();
                Reply reply = replies.get(Math.min(count, replies.size() - 1));
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection, reply));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection, Reply reply) {
        try (connection) {
            var in =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
            String line = in.readLine();
            if (line == null) {
                return;
            }
            Map<String, String> headers = new TreeMap<>();
            for (String next = in.readLine(); next != null && !next.isEmpty(); next = in.readLine()) {
                int colon = next.indexOf(':');
                headers.put(
                        next.substring(0, colon).toLowerCase(Locale.ROOT),
                        next.substring(colon + 1).strip());
            }
            var request = new Request(line, headers);
            requests.add(request);
            reply.write(request, connection);
        } catch (IOException e) {
            // The client has gone, as some tests make it do.
            open.remove(connection);
        }
    }

    /** An answer with these headers and without a body. */
    public static Reply status(int code, String... headers) {
        return (_, connection) -> head(connection.getOutputStream(), code, 0, headers);
    }

    /** An answer with a body. */
    public static Reply body(int code, byte[] content, String... headers) {
        return (_, connection) -> {
            head(connection.getOutputStream(), code, content.length, headers);
            connection.getOutputStream().write(content);
        };
    }

    /** A file as good servers give it: with an entity tag, and in parts where they are asked for. */
    public static Reply file(byte[] content, String tag) {
        return cut(content, tag, Integer.MAX_VALUE);
    }

    /** The same, but the connection ends after so many bytes. */
    public static Reply cut(byte[] content, String tag, int most) {
        return (request, connection) -> part(request, connection.getOutputStream(), content, tag, most);
    }

    /** The same, but after so many bytes nothing more is sent, until the client goes. */
    public static Reply stalled(byte[] content, String tag, int most) {
        return (request, connection) -> {
            part(request, connection.getOutputStream(), content, tag, most);
            silence(connection);
        };
    }

    /** Nothing, until the client goes. */
    public static Reply silent() {
        return (_, connection) -> silence(connection);
    }

    /** The connection is reset. */
    public static Reply reset() {
        return (_, connection) -> connection.setSoLinger(true, 0);
    }

    /** A part of a file, and then the connection is reset. */
    public static Reply resetAfter(byte[] content, String tag, int most) {
        return (request, connection) -> {
            part(request, connection.getOutputStream(), content, tag, most);
            connection.setSoLinger(true, 0);
        };
    }

    /** A line and headers, as they stand at the head of an answer. */
    public static void head(OutputStream out, int code, long length, String... headers) throws IOException {
        StringBuilder text = new StringBuilder("HTTP/1.1 " + code + " as scripted\r\nConnection: close\r\n");
        text.append("Content-Length: ").append(length).append("\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        out.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void part(Request request, OutputStream out, byte[] content, String tag, int most)
            throws IOException {
        Optional<String> range = request.header("range")
                .filter(_ -> request.header("if-range").orElse(tag).equals(tag));
        int start = range.map(text -> Integer.parseInt(text.substring("bytes=".length(), text.length() - 1)))
                .orElse(0);
        int end = (int) Math.min(content.length, (long) start + most);
        if (range.isEmpty()) {
            head(out, 200, content.length, "ETag: " + tag);
        } else if (start >= content.length) {
            head(out, 416, 0, "Content-Range: bytes */" + content.length);
            return;
        } else {
            String said = "bytes " + start + "-" + (content.length - 1) + "/" + content.length;
            head(out, 206, content.length - start, "ETag: " + tag, "Content-Range: " + said);
        }
        out.write(content, start, end - start);
        out.flush();
    }

    private static void silence(Socket connection) throws IOException {
        // Ends when the client or the server closes the connection.
        int ended = connection.getInputStream().read();
        if (ended >= 0) {
            throw new IOException("the client sends more than a request");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
