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
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
    private static final URI SECURE = URI.create("https://models.example/x.gguf");
    private static final URI PLAIN = URI.create("http://models.example/x.gguf");

    private static String proxy(Map<String, String> environment, URI address) throws HttpFailure {
        return Proxies.of(environment)
                .proxy(address)
                .map(ProxyAddress::toString)
                .orElse("none");
    }

    @Test
    void theSchemeDecidesAndAllProxyStandsIn() throws HttpFailure {
        Map<String, String> both = Map.of("http_proxy", "http://one:3128", "https_proxy", "http://two:3129/");
        assertEquals("one:3128", proxy(both, PLAIN));
        assertEquals("two:3129", proxy(both, SECURE));
        Map<String, String> all = Map.of("http_proxy", "http://one:3128", "all_proxy", "three:8080");
        assertEquals("one:3128", proxy(all, PLAIN));
        assertEquals("three:8080", proxy(all, SECURE));
        assertEquals("none", proxy(Map.of(), SECURE));
    }

    @Test
    void capitalsCountWhereSmallLettersAreNotSet() throws HttpFailure {
        assertEquals("big:1", proxy(Map.of("HTTPS_PROXY", "http://big:1"), SECURE));
        assertEquals("small:2", proxy(Map.of("HTTPS_PROXY", "http://big:1", "https_proxy", "small:2"), SECURE));
        assertEquals("none", proxy(Map.of("HTTPS_PROXY", "http://big:1", "https_proxy", ""), SECURE));
        assertEquals("none", proxy(Map.of("ALL_PROXY", "http://big:1", "NO_PROXY", "example"), SECURE));
    }

    @Test
    void aUserAndAPasswordAreDecodedAndNeverPrinted() throws HttpFailure {
        ProxyAddress proxy = ProxyAddress.parse("http_proxy", "http://ada:p%40ss+w@rd:3@[::1]:3128");
        assertEquals("[::1]:3128", proxy.toString());
        assertEquals(Optional.of("ada:p@ss+w@rd:3"), proxy.userInfo());
        assertEquals(Optional.of("Basic YWRhOnBAc3Mrd0ByZDoz"), proxy.authorization());
        assertEquals(80, ProxyAddress.parse("http_proxy", "proxy.example").port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socks5://proxy:1080",
                "https://proxy:3128",
                "http://",
                "http://secret:secret@",
                "proxy:port",
                "proxy:0",
                "proxy:70000",
                "http://secret%ZZ@proxy:3128"
            })
    void whatIsNoProxyIsRefusedByItsVariable(String value) {
        HttpFailure failure = assertThrows(HttpFailure.class, () -> proxy(Map.of("https_proxy", value), SECURE));
        assertTrue(String.valueOf(failure.getMessage()).contains("https_proxy"), failure.getMessage());
        assertFalse(String.valueOf(failure.getMessage()).contains("secret"), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "*, https://anything.example/, true",
        "models.example, https://models.example/, true",
        "example, https://models.example/, true",
        ".example, https://models.example/, true",
        "*.example, https://models.example/, true",
        "MODELS.example, https://models.EXAMPLE./, true",
        "els.example, https://models.example/, false",
        "models.example.org, https://models.example/, false",
        "models.example:443, https://models.example/, true",
        "models.example:8443, https://models.example/, false",
        "models.example:8443, https://models.example:8443/, true",
        "localhost, http://localhost:9000/, true",
        "127.0.0.1, http://127.0.0.1:9000/, true",
        "127.0.0.1:9001, http://127.0.0.1:9000/, false",
        "10.0.0.0/8, http://10.20.30.40/, true",
        "10.0.0.0/8, http://11.20.30.40/, false",
        "192.168.4.0/22, http://192.168.7.255/, true",
        "192.168.4.0/22, http://192.168.8.0/, false",
        "10.0.0.0/99, http://10.0.0.1/, false",
        "10.0.0.0/, http://10.0.0.1/, false",
        "10.0.0.0/8, http://ten.example/, false",
        "fd00::/8, http://[fd12::7]/, true",
        "fd00::/8, http://[fe12::7]/, false",
        "::1, http://[::1]:9000/, true",
        "[::1], http://[::1]:9000/, true",
        "[::1]:9000, http://[::1]:9000/, true",
        "[::1]:9001, http://[::1]:9000/, false",
        "'a.example, models.example', https://models.example/, true",
        "'a.example models.example', https://models.example/, true",
        "'', https://models.example/, false",
        "., https://models.example/, false",
    })
    void exceptions(String list, URI address, boolean covered) {
        assertEquals(covered, NoProxy.parse(list).covers(address));
    }

    @Test
    void whatIsExceptedIsReachedDirectly() throws HttpFailure {
        Map<String, String> environment = Map.of("https_proxy", "http://two:3129", "no_proxy", "models.example");
        assertEquals("none", proxy(environment, SECURE));
        assertEquals("two:3129", proxy(environment, URI.create("https://other.example/")));
    }
}
