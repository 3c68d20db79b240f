package dev.quern.plan.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.BundleException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    @Test
    void whatFitsOnALineStandsOnOne() {
        assertEquals(
                "{\"list\": [1, true, null, \"a\\\"b\"]}\n",
                JsonText.print(Map.of("list", Arrays.asList(1, true, null, "a\"b"))));
    }

    @Test
    void whatDoesNotFitIsIndented() {
        String wide = "x".repeat(100);
        assertEquals(
                "[\n  {\"first\": \"" + wide + "\"},\n  {\"second\": \"" + wide + "\"}\n]\n",
                JsonText.print(List.of(Map.of("first", wide), Map.of("second", wide))));
    }

    @Property(tries = 300)
    void everyStringIsReadBack(@ForAll String text) {
        String json = JsonText.print(Map.of("text", text));
        assertEquals(text, JsonValue.parse("test.json", json).field("text").text());
    }

    @Property(tries = 200)
    void everyWholeNumberIsReadBack(@ForAll long number) {
        String json = JsonText.printLine(Map.of("number", number));
        assertEquals(number, JsonValue.parse("test.json", json).field("number").whole(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    @Test
    void errorsNameThePathTheExpectationAndWhatWasFound() {
        var json = JsonValue.parse("test.json", "{\"kernels\": [{\"name\": 7}]}");
        var problem = assertThrows(
                BundleException.class,
                () -> json.field("kernels").list().getFirst().field("name").text());
        assertEquals("test.json: kernels[0].name: expected a string, found 7", problem.getMessage());
    }

    @Test
    void brokenTextIsRefused() {
        var problem = assertThrows(BundleException.class, () -> JsonValue.parse("test.json", "{\"a\": "));
        assertTrue(
                String.valueOf(problem.getMessage()).startsWith("test.json: not a JSON object: "),
                problem.getMessage());
    }
}
