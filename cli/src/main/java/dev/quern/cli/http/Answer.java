package dev.quern.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;

/**
 * What a server answers. Closing it closes its connection.
 *
 * @param address where it came from: after redirects another than was asked for
 * @param body throws {@link StalledException} where the server falls silent
 */
public record Answer(URI address, int status, HttpHeaders headers, InputStream body) implements AutoCloseable {

    /** The first header of that name, in any case. */
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
