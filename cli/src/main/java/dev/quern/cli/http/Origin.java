package dev.quern.cli.http;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * The server that an address belongs to: what a secret may be meant for.
 *
 * @param scheme in lower case
 * @param host in lower case, without a dot at its end
 * @param port also where the address leaves it to the scheme
 */
record Origin(String scheme, String host, int port) {

    static Optional<Origin> of(URI address) {
        if (address.getScheme() == null || address.getHost() == null) {
            return Optional.empty();
        }
        String scheme = address.getScheme().toLowerCase(Locale.ROOT);
        return Optional.of(new Origin(scheme, hostOf(address), portOf(address)));
    }

    /** The host alone, as hosts are compared. An address of IPv6 has no brackets here. */
    static String hostOf(URI address) {
        String host = address.getHost().toLowerCase(Locale.ROOT);
        if (host.startsWith("[") && host.endsWith("]")) {
            return host.substring(1, host.length() - 1);
        }
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    static int portOf(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return isHttps(address) ? 443 : 80;
    }

    static boolean isHttps(URI address) {
        return "https".equalsIgnoreCase(address.getScheme());
    }
}
