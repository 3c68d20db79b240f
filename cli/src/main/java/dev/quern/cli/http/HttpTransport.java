package dev.quern.cli.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Java's HTTP client, with what it leaves to its user: proxies out of the environment, redirects that carry no secret
 * along, an end to silence. HTTP/1.1 on purpose: a connection is one download's, and a dead one is not met again at the
 * next try.
 */
public final class HttpTransport implements Transport {
    private static final int MOST_REDIRECTS = 10;

    static {
        // Java's client gives no password to a proxy that it tunnels through, unless this list, which is read once, is
        // empty.
        if (System.getProperty("jdk.http.auth.tunneling.disabledSchemes") == null) {
            System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        }
        // Java keeps in mind for ten seconds that a name was unknown, and each try within them would fail unasked.
        if (Security.getProperty("networkaddress.cache.negative.ttl") == null
                || "10".equals(Security.getProperty("networkaddress.cache.negative.ttl"))) {
            Security.setProperty("networkaddress.cache.negative.ttl", "0");
        }
    }

    private final Proxies proxies;
    private final Hub hub;
    private final Duration stall;
    private @Nullable HttpClient client;

    /**
     * @param stall the silence after which a connection is given up
     */
    public HttpTransport(Proxies proxies, Hub hub, Duration stall) {
        this.proxies = proxies;
        this.hub = hub;
        this.stall = stall;
    }

    @Override
    public Answer open(URI address, Map<String, String> headers) throws IOException, InterruptedException {
        URI at = address;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            Answer answer = ask(at, headers);
            Optional<String> location = isRedirect(answer.status()) ? answer.header("Location") : Optional.empty();
            if (location.isEmpty()) {
                return answer;
            }
            answer.close();
            at = target(at, location.get());
        }
        throw new HttpFailure(address + " leads to another address, that one to a third, and so on: given up after "
                + MOST_REDIRECTS + " of them.");
    }

    private Answer ask(URI address, Map<String, String> headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .version(HttpClient.Version.HTTP_1_1)
                .header("User-Agent", "quern")
                .header("Accept-Encoding", "identity");
        headers.forEach(request::header);
        hub.authorization(address).ifPresent(value -> request.header("Authorization", value));
        Optional<ProxyAddress> proxy = proxies.proxy(address);
        proxy.flatMap(ProxyAddress::authorization).ifPresent(value -> request.header("Proxy-Authorization", value));
        HttpResponse<Publisher<List<ByteBuffer>>> response = send(request.build(), proxy);
        TimedBody body = new TimedBody(stall);
        // A proxy that refuses a tunnel leaves an answer without a body.
        Optional.ofNullable(response.body()).ifPresent(publisher -> publisher.subscribe(body));
        if (response.statusCode() == 407) {
            body.close();
            throw new HttpFailure(proxyRefusal(proxy));
        }
        return new Answer(address, response.statusCode(), response.headers(), body);
    }

    private HttpResponse<Publisher<List<ByteBuffer>>> send(HttpRequest request, Optional<ProxyAddress> proxy)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<Publisher<List<ByteBuffer>>>> answer =
                client().sendAsync(request, BodyHandlers.ofPublisher());
        try {
            return answer.get(stall.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new StalledException(stall);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException problem) {
                throw Problems.of(request.uri(), proxy, problem);
            }
            throw new IllegalStateException("the request to " + request.uri().getHost() + " failed", e.getCause());
        }
    }

    /** Made at the first request: it takes time, and most commands make none. */
    private HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .proxy(proxies.selector())
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
            client = made;
        }
        return made;
    }

    private static boolean isRedirect(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    static URI target(URI from, String location) throws HttpFailure {
        URI to;
        try {
            to = from.resolve(location.strip());
        } catch (IllegalArgumentException e) {
            throw new HttpFailure(from + " leads on to what is no address.", e);
        }
        boolean speaksHttp = Origin.isHttps(to) || "http".equalsIgnoreCase(to.getScheme());
        if (!speaksHttp || to.getHost() == null) {
            throw new HttpFailure(from + " leads on to what is no address of a file on a server.");
        }
        if (Origin.isHttps(from) && !Origin.isHttps(to)) {
            throw new HttpFailure(from + " leads on to " + to.getHost()
                    + " without encryption, which is not followed. Is there a page to log in to this network?");
        }
        return to;
    }

    private static String proxyRefusal(Optional<ProxyAddress> proxy) {
        return proxy.map(each -> each.userInfo().isPresent()
                        ? "The proxy " + each
                                + " refuses the user and the password that the environment gives (HTTP 407)."
                        : "The proxy " + each
                                + " asks for a user and a password (HTTP 407). Put them into the variable that"
                                + " names it: http://USER:PASSWORD@" + each + ".")
                .orElse("A proxy asks for a user and a password (HTTP 407).");
    }
}
