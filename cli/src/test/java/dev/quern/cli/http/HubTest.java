package dev.quern.cli.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HubTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("HF_TOKEN", " hf_secret\n", "HF_ENDPOINT", "http://mirror.example:8080/hub");

    @ParameterizedTest
    @CsvSource({
        "https://huggingface.co/a/b/resolve/main/x.gguf, true",
        "https://HuggingFace.co:443/x.gguf, true",
        "http://huggingface.co/x.gguf, false",
        "https://huggingface.co:8443/x.gguf, false",
        "https://cdn-lfs.huggingface.co/x.gguf, false",
        "https://huggingface.co.example/x.gguf, false",
        "https://nothuggingface.co/x.gguf, false",
        "https://huggingface.co@evil.example/x.gguf, false",
        "http://mirror.example:8080/x.gguf, true",
        "https://mirror.example:8080/x.gguf, false",
        "http://mirror.example/x.gguf, false",
    })
    void theTokenIsForTheHubAlone(URI address, boolean sent) throws HttpFailure {
        assertEquals(
                sent ? Optional.of("Bearer hf_secret") : Optional.empty(),
                Hub.of(ENVIRONMENT).authorization(address));
    }

    @Test
    void withoutATokenNothingIsSent() throws HttpFailure {
        assertEquals(Optional.empty(), Hub.of(Map.of()).authorization(URI.create("https://huggingface.co/x.gguf")));
    }

    @Test
    void variablesThatCannotBeMeantAreRefused() {
        URI address = URI.create("https://huggingface.co/x.gguf");
        HttpFailure token = assertThrows(
                HttpFailure.class, () -> Hub.of(Map.of("HF_TOKEN", "two words")).authorization(address));
        assertFalse(String.valueOf(token.getMessage()).contains("two words"), "a secret is not printed");
        HttpFailure endpoint = assertThrows(
                HttpFailure.class,
                () -> Hub.of(Map.of("HF_TOKEN", "hf_secret", "HF_ENDPOINT", "mirror"))
                        .authorization(address));
        assertTrue(String.valueOf(endpoint.getMessage()).contains("HF_ENDPOINT is 'mirror'"), endpoint.getMessage());
    }
}
