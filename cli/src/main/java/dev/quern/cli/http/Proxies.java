package dev.quern.cli.http;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which proxy an address is reached through: {@code https_proxy} and {@code http_proxy} by the address's scheme, {@code
 * all_proxy} where that one is not set, {@code no_proxy} for what is reached directly. Each also counts in capitals,
 * where it is not set in small letters. A variable that is set to nothing means no proxy. Where no variable is set,
 * Java's own settings count.
 */
public final class Proxies {
    private static final String NONE = "";

    private final Map<String, String> environment;
    private final NoProxy exceptions;

    private Proxies(Map<String, String> environment) {
        this.environment = environment;
        this.exceptions = NoProxy.parse(value(environment, "no_proxy").orElse(""));
    }

    /** The proxies that the environment names. */
    public static Proxies of(Map<String, String> environment) {
        return new Proxies(environment);
    }

    /**
     * The proxy for an address; nothing where it is reached directly, or as Java's settings say.
     *
     * @throws HttpFailure if a variable is set to what is none
     */
    Optional<ProxyAddress> proxy(URI address) throws HttpFailure {
        Optional<String> name = variable(address);
        if (name.isEmpty() || exceptions.covers(address)) {
            return Optional.empty();
        }
        String value = environment.getOrDefault(name.get(), NONE).strip();
        return value.isEmpty() ? Optional.empty() : Optional.of(ProxyAddress.parse(name.get(), value));
    }

    /** The variable that counts for an address, as it is written where it is set. */
    private Optional<String> variable(URI address) {
        String own = Origin.isHttps(address) ? "https_proxy" : "http_proxy";
        return spelled(environment, own).or(() -> spelled(environment, "all_proxy"));
    }

    /** The same for Java's client, which asks for every connection that it opens. */
    ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI address) {
                if (variable(address).isEmpty()) {
                    ProxySelector usual = ProxySelector.getDefault();
                    return usual == null ? List.of(Proxy.NO_PROXY) : usual.select(address);
                }
                try {
                    return List.of(proxy(address)
                            .map(proxy -> new Proxy(Proxy.Type.HTTP, proxy.socketAddress()))
                            .orElse(Proxy.NO_PROXY));
                } catch (HttpFailure e) {
                    throw new IllegalArgumentException(e.getMessage(), e);
                }
            }

            @Override
            public void connectFailed(URI address, SocketAddress proxy, IOException problem) {
                // The request itself fails too, and says so.
            }
        };
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return spelled(environment, name).map(environment::get);
    }

    private static Optional<String> spelled(Map<String, String> environment, String name) {
        String capitals = name.toUpperCase(Locale.ROOT);
        if (environment.containsKey(name)) {
            return Optional.of(name);
        }
        return environment.containsKey(capitals) ? Optional.of(capitals) : Optional.empty();
    }
}
