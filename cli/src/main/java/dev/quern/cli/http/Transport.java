package dev.quern.cli.http;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** Opens addresses. */
@FunctionalInterface
public interface Transport {
    /**
     * Asks for what lies at an address, redirects followed.
     *
     * @param headers further ones, by name
     * @return the answer, whatever its status, once its headers are here
     * @throws HttpFailure if asking again would not help
     * @throws IOException if it might
     */
    Answer open(URI address, Map<String, String> headers) throws IOException, InterruptedException;
}
