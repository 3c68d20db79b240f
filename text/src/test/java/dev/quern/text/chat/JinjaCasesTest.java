package dev.quern.text.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Some two thousand short templates, of every filter, method, test and operator, with what Jinja 3.1 makes of them:
 * {@code scripts/jinja-cases} writes that. What Jinja refuses is refused.
 */
class JinjaCasesTest {
    private static final int MOST_TOLD = 20;

    /** A template, and its text; null if it is refused. */
    private record Case(String template, @Nullable String text) {}

    private static List<Case> cases() throws IOException, JsonParserException {
        List<Case> cases = new ArrayList<>();
        try (InputStream file = Objects.requireNonNull(JinjaCasesTest.class.getResourceAsStream("jinja.tsv"))) {
            for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                int tab = line.indexOf('\t');
                cases.add(
                        tab < 0
                                ? new Case(unescaped(line), null)
                                : new Case(unescaped(line.substring(0, tab)), unescaped(line.substring(tab + 1))));
            }
        }
        return cases;
    }

    private static String unescaped(String text) throws JsonParserException {
        return (String) JsonParser.any().from("\"" + text.replace("\"", "\\\"") + "\"");
    }

    private static @Nullable String render(String template, ChatRequest request) {
        try {
            return ChatTemplate.parse(template).render(request).text();
        } catch (ChatTemplateException refused) {
            return null;
        }
    }

    @Test
    void templatesGiveWhatJinjaMakesOfThem() throws IOException, JsonParserException {
        Map<String, Object> dict = new LinkedHashMap<>();
        dict.put("b", 1);
        dict.put("a", Arrays.asList(true, null));
        ChatRequest request = ChatRequest.of(List.of())
                .withVariable("s", "Grüße 😀")
                .withVariable("l", List.of(3, 1, 2))
                .withVariable("d", dict);
        List<String> wrong = new ArrayList<>();
        List<Case> cases = cases();
        for (Case each : cases) {
            String found = render(each.template(), request);
            if (!Objects.equals(each.text(), found)) {
                wrong.add(each.template() + " gives " + found + " instead of " + each.text());
            }
            if (wrong.size() == MOST_TOLD) {
                break;
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(cases.size() > 2000, "only " + cases.size() + " cases are here");
    }
}
