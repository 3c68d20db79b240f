package dev.quern.cli.store;

import dev.quern.cli.terminal.Visible;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * The address of a model file, as people give it.
 *
 * @param uri without what follows the number sign
 * @param sha256 of the file, where the address names it
 */
record ModelAddress(URI uri, Optional<String> sha256) {
    private static final String HASH_FRAGMENT = "sha256=";

    /** Whether an argument is meant as an address. */
    static boolean isMeant(String argument) {
        String lower = argument.toLowerCase(Locale.ROOT);
        return lower.startsWith("https://") || lower.startsWith("http://");
    }

    /**
     * Takes an address apart.
     *
     * @throws StoreException if it is none, names a user, or ends in anything but a hash
     */
    static ModelAddress of(String address) {
        int hash = address.indexOf('#');
        return hash < 0
                ? new ModelAddress(parse(address), Optional.empty())
                : new ModelAddress(
                        parse(address.substring(0, hash)), Optional.of(digestIn(address.substring(hash + 1))));
    }

    /**
     * What the file is called there.
     *
     * @throws StoreException if the address ends in no name
     */
    String fileName() {
        String path = uri.getPath() == null ? "" : uri.getPath();
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (last.isEmpty()) {
            throw new StoreException(uri + " does not end in a file's name. Give one with --as.");
        }
        return last;
    }

    /** The address of another file in the same place. */
    URI sibling(String name) {
        String path = uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return uri.resolve(path.substring(0, path.lastIndexOf('/')) + rawPath(name) + query);
    }

    private static String rawPath(String name) {
        try {
            return new URI(null, null, "/" + name, null).getRawPath();
        } catch (URISyntaxException e) {
            throw new StoreException("'" + Visible.line(name) + "' cannot be part of an address.", e);
        }
    }

    private static URI parse(String address) {
        try {
            URI uri = new URI(address);
            if (uri.getHost() == null) {
                throw new StoreException(Visible.line(address) + " is no address: it names no host.");
            }
            if (uri.getRawUserInfo() != null) {
                throw new StoreException("The address names a user at " + uri.getHost()
                        + ", and Quern gives servers no password. Download the file with a browser and give"
                        + " Quern the file.");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new StoreException(
                    Visible.line(address) + " is no address: " + e.getReason() + " at character " + (e.getIndex() + 1)
                            + ".",
                    e);
        }
    }

    private static String digestIn(String fragment) {
        String digest = fragment.startsWith(HASH_FRAGMENT)
                ? fragment.substring(HASH_FRAGMENT.length()).toLowerCase(Locale.ROOT)
                : "";
        if (!Sha256.isDigest(digest)) {
            throw new StoreException("The end of the address, #" + Visible.line(fragment)
                    + ", is not understood. Expected is #sha256= and 64 hexadecimal digits, or nothing.");
        }
        return digest;
    }
}
