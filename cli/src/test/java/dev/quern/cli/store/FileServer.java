package dev.quern.cli.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Serves files with ranges, and breaks connections off as a bad network does. */
public final class FileServer implements AutoCloseable {
    private static final String TAG = "\"first\"";

    private final HttpServer server;
    private final Function<String, byte[]> files;
    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private volatile String tag = TAG;
    private volatile int breakAfter = Integer.MAX_VALUE;
    private volatile int status;
    private volatile boolean sendsParts = true;

    /** One file, whatever its address. */
    public FileServer(byte[] content) throws IOException {
        this(_ -> content);
    }

    /**
     * Several files.
     *
     * @param files by the path of their address, without the slash before it
     */
    public FileServer(Function<String, byte[]> files) throws IOException {
        this.files = files;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    public URI address(String name) {
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/" + name);
    }

    /** The ranges asked for, in order; empty strings for whole files. */
    public List<String> ranges() {
        return ranges;
    }

    /** From now on each connection ends after so many bytes. */
    public void breakAfter(int bytes) {
        breakAfter = bytes;
    }

    /** From now on the file is another one. */
    public void change() {
        tag = "\"second\"";
    }

    /** From now on every answer has this status. */
    public void fail(int code) {
        status = code;
    }

    /** From now on every answer holds the whole file. */
    public void sendWholeFilesOnly() {
        sendsParts = false;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (status != 0) {
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            byte[] content = files.apply(exchange.getRequestURI().getPath().substring(1));
            String range = exchange.getRequestHeaders().getFirst("Range");
            ranges.add(range == null ? "" : range);
            String known = exchange.getRequestHeaders().getFirst("If-Range");
            boolean isPart = range != null && sendsParts && (known == null || known.equals(tag));
            String[] bounds = isPart ? range.substring("bytes=".length()).split("-", -1) : new String[] {"0", ""};
            int start = Integer.parseInt(bounds[0]);
            int end = bounds[1].isEmpty() ? content.length : Math.min(content.length, Integer.parseInt(bounds[1]) + 1);
            exchange.getResponseHeaders().set("ETag", tag);
            if (isPart) {
                exchange.getResponseHeaders()
                        .set("Content-Range", "bytes " + start + "-" + (end - 1) + "/" + content.length);
            }
            exchange.sendResponseHeaders(isPart ? 206 : 200, end - start);
            exchange.getResponseBody().write(content, start, (int) Math.min(end - start, (long) breakAfter));
            exchange.getResponseBody().flush();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
