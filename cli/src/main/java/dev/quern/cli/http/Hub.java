package dev.quern.cli.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Hugging Face's hub as the environment describes it: {@code HF_ENDPOINT} may name another server for it, and {@code
 * HF_TOKEN} says who asks. The token is for these two servers and no other, whoever redirects to whom; to the public
 * hub it goes through TLS alone.
 */
public final class Hub {
    private static final URI PUBLIC = URI.create("https://huggingface.co");

    private final String endpoint;
    private final String token;

    private Hub(String endpoint, String token) {
        this.endpoint = endpoint;
        this.token = token;
    }

    /** What the environment says of it. */
    public static Hub of(Map<String, String> environment) {
        return new Hub(
                environment.getOrDefault("HF_ENDPOINT", "").strip(),
                environment.getOrDefault("HF_TOKEN", "").strip());
    }

    /** Whether there is a token to send. */
    public boolean hasToken() {
        return !token.isEmpty();
    }

    /** Whether an address lies on the hub. */
    public boolean holds(URI address) throws HttpFailure {
        Set<Origin> origins = origins();
        return Origin.of(address).filter(origins::contains).isPresent();
    }

    /**
     * What the header {@code Authorization} says to this address; nothing where the token is not for it.
     *
     * @throws HttpFailure if a variable is set to what it cannot be
     */
    Optional<String> authorization(URI address) throws HttpFailure {
        if (token.isEmpty() || !holds(address)) {
            return Optional.empty();
        }
        if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new HttpFailure("HF_TOKEN is not a token: it holds a space, or a character that is not ASCII."
                    + " A token looks like hf_abc123.");
        }
        return Optional.of("Bearer " + token);
    }

    private Set<Origin> origins() throws HttpFailure {
        URI named = endpoint.isEmpty() ? PUBLIC : parse(endpoint);
        return Stream.of(PUBLIC, named)
                .flatMap(each -> Origin.of(each).stream())
                .collect(Collectors.toSet());
    }

    private static URI parse(String endpoint) throws HttpFailure {
        try {
            URI address = new URI(endpoint);
            if (Origin.of(address).isPresent()) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw new HttpFailure(notAnAddress(endpoint), e);
        }
        throw new HttpFailure(notAnAddress(endpoint));
    }

    private static String notAnAddress(String endpoint) {
        return "HF_ENDPOINT is '" + endpoint + "', which is not an address such as https://huggingface.co.";
    }
}
