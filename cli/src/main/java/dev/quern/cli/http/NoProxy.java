package dev.quern.cli.http;

import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The hosts that are reached without a proxy: the variable {@code no_proxy}, a list with commas or spaces between its
 * entries.
 *
 * <ul>
 *   <li>{@code *}: all of them
 *   <li>{@code example.org}, {@code .example.org}, {@code *.example.org}: that domain and every host in it
 *   <li>{@code 192.0.2.7}, {@code 2001:db8::1}, {@code [2001:db8::1]}: that address
 * <li>{@code 10.0.0.0/8}, {@code fd00::/8}: addresses that begin so. Names are not looked up: they are the proxy's to
 * know <li>any of them but the last with {@code :PORT}: at that port only
 * </ul>
 */
record NoProxy(List<String> entries) {

    static NoProxy parse(String value) {
        return new NoProxy(Arrays.stream(value.toLowerCase(Locale.ROOT).split("[,\\s]+"))
                .filter(entry -> !entry.isEmpty())
                .toList());
    }

    /** Whether the list names the host of an address. */
    boolean covers(URI address) {
        String host = Origin.hostOf(address);
        int port = Origin.portOf(address);
        return entries.stream().anyMatch(entry -> matches(entry, host, port));
    }

    private static boolean matches(String entry, String host, int port) {
        if (entry.equals("*")) {
            return true;
        }
        int slash = entry.indexOf('/');
        if (slash >= 0) {
            return inNetwork(entry.substring(0, slash), entry.substring(slash + 1), host);
        }
        int colon = entry.lastIndexOf(':');
        boolean hasPort = colon > entry.lastIndexOf(']') && colon == entry.indexOf(':', entry.lastIndexOf(']') + 1);
        if (hasPort && !entry.substring(colon + 1).equals(Integer.toString(port))) {
            return false;
        }
        return named(hasPort ? entry.substring(0, colon) : entry, host);
    }

    private static boolean named(String name, String host) {
        Optional<InetAddress> address = literal(name);
        if (address.isPresent()) {
            return address.equals(literal(host));
        }
        String bare = name.startsWith("*") ? name.substring(1) : name;
        String domain = bare.startsWith(".") ? bare.substring(1) : bare;
        String plain = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
        return !plain.isEmpty() && (host.equals(plain) || host.endsWith("." + plain));
    }

    private static boolean inNetwork(String network, String prefix, String host) {
        Optional<InetAddress> base = literal(network);
        Optional<InetAddress> address = literal(host);
        if (base.isEmpty() || address.isEmpty()) {
            return false;
        }
        byte[] wanted = base.get().getAddress();
        byte[] found = address.get().getAddress();
        boolean plain =
                !prefix.isEmpty() && prefix.length() <= 3 && prefix.chars().allMatch(Character::isDigit);
        if (!plain || found.length != wanted.length || Integer.parseInt(prefix) > 8 * wanted.length) {
            return false;
        }
        for (int bit = 0; bit < Integer.parseInt(prefix); bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((wanted[bit / 8] & mask) != (found[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** An address written in digits; no name is looked up. */
    private static Optional<InetAddress> literal(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        try {
            return Optional.of(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
