package dev.quern.cli.http;

import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * A proxy, as an environment variable names it: {@code [http://][USER:PASSWORD@]HOST[:PORT]}.
 *
 * @param host a name, or an address of IPv4 or IPv6 without brackets
 * @param userInfo user and password, decoded, with a colon between them
 */
record ProxyAddress(String host, int port, Optional<String> userInfo) {
    private static final int USUAL_PORT = 80;
    private static final int LARGEST_PORT = 65535;

    /**
     * Reads the value of a variable.
     *
     * @throws HttpFailure if it is none, or names a kind of proxy that is not spoken to
     */
    static ProxyAddress parse(String variable, String value) throws HttpFailure {
        String rest = value.strip();
        int scheme = rest.indexOf("://");
        if (scheme >= 0) {
            requireHttp(variable, rest.substring(0, scheme));
            rest = rest.substring(scheme + 3);
        }
        int slash = rest.indexOf('/', rest.lastIndexOf('@') + 1);
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        // A password may hold the sign too.
        int at = authority.lastIndexOf('@');
        Optional<String> userInfo =
                at < 0 ? Optional.empty() : Optional.of(decode(variable, authority.substring(0, at)));
        String server = authority.substring(at + 1);
        int colon = server.lastIndexOf(':');
        boolean hasPort = colon > server.lastIndexOf(']');
        String host = hasPort ? server.substring(0, colon) : server;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = hasPort ? port(server.substring(colon + 1)) : USUAL_PORT;
        if (host.isEmpty() || port < 0 || host.chars().anyMatch(c -> c <= ' ')) {
            throw notAProxy(variable);
        }
        return new ProxyAddress(host, port, userInfo);
    }

    /** What Java's client is told: it looks the name up itself. */
    InetSocketAddress socketAddress() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    /** What the header {@code Proxy-Authorization} says, if there is a user. */
    Optional<String> authorization() {
        return userInfo.map(
                text -> "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Host and port, and nothing that is secret. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static void requireHttp(String variable, String scheme) throws HttpFailure {
        String lower = scheme.toLowerCase(Locale.ROOT);
        if (lower.startsWith("socks")) {
            throw new HttpFailure(
                    variable + " names a SOCKS proxy (" + lower + "://), and Quern speaks to HTTP proxies only."
                            + " Set https_proxy to one, or except the host with no_proxy.");
        }
        if (!lower.equals("http")) {
            throw new HttpFailure(variable + " names a proxy that is spoken to by " + lower
                    + "://; Quern speaks to proxies by http://, also for addresses that begin with https://.");
        }
    }

    private static HttpFailure notAProxy(String variable) {
        // The value may hold a password.
        return new HttpFailure(variable
                + " is set to what names no proxy; http://HOST:PORT is expected, or http://USER:PASSWORD@HOST:PORT.");
    }

    private static int port(String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int port = Integer.parseInt(digits);
        return port >= 1 && port <= LARGEST_PORT ? port : -1;
    }

    private static String decode(String variable, String text) throws HttpFailure {
        try {
            // The decoder is that of forms, where a plus sign is a space.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new HttpFailure(
                    "The user or the password in " + variable
                            + " holds a percent sign that begins no %XX; write the sign itself as %25.",
                    e);
        }
    }
}
