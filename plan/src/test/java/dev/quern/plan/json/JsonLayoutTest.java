package dev.quern.plan.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.BundleException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonLayoutTest {
    /** A line has 140 columns, one of them for a comma. */
    @Test
    void whatFillsALineStandsOnOneAndNoMoreDoes() {
        List<String> fits = List.of("x".repeat(135));
        assertEquals(139, JsonText.printLine(fits).length());
        assertEquals(JsonText.printLine(fits) + "\n", JsonText.print(fits));
        List<String> wide = List.of("x".repeat(136));
        assertEquals("[\n  \"" + "x".repeat(136) + "\"\n]\n", JsonText.print(wide));
    }

    /** A field's name and the indent take their part of the line. */
    @Test
    void whatStandsBeforeAValueCountsToo() {
        Map<String, Object> outer = new LinkedHashMap<>();
        outer.put("wide", "y".repeat(140));
        // Two columns of indent, eight of the name and its colon, four of brackets and quotes: 139 with the text.
        outer.put("list", List.of("x".repeat(125)));
        assertTrue(JsonText.print(outer).contains("\n  \"list\": [\"xxx"), JsonText.print(outer));
        outer.put("list", List.of("x".repeat(126)));
        assertTrue(JsonText.print(outer).contains("\n  \"list\": [\n    \"xxx"), JsonText.print(outer));
        assertTrue(JsonText.print(outer).endsWith("xxx\"\n  ]\n}\n"), JsonText.print(outer));
        List<Object> nested = List.of("y".repeat(140), List.of("x".repeat(133)));
        assertTrue(JsonText.print(nested).contains("\n  [\"xxx"), JsonText.print(nested));
        List<Object> wider = List.of("y".repeat(140), List.of("x".repeat(134)));
        assertTrue(JsonText.print(wider).contains("\n  [\n    \"xxx"), JsonText.print(wider));
    }

    /** Values of any shape: no line is wide unless a single value on it is, and the text is the value. */
    @Property(tries = 100)
    void whateverIsPrintedIsReadBackAndNoLineIsWide(@ForAll long seed) {
        Object value = Map.of("all", value(new Random(seed), 4));
        String text = JsonText.print(value);
        assertEquals(text, JsonText.print(reread(JsonValue.parse("test.json", text), value)));
        for (String line : text.lines().toList()) {
            boolean scalar = !line.contains("[") && !line.contains("{");
            assertTrue(line.length() <= 140 || scalar, line);
        }
    }

    private static Object value(Random random, int depth) {
        return switch (depth == 0 ? 0 : random.nextInt(3)) {
            case 0 -> "s".repeat(random.nextInt(60));
            case 1 -> {
                List<Object> list = new ArrayList<>();
                for (int count = random.nextInt(5); count > 0; count--) {
                    list.add(value(random, depth - 1));
                }
                yield list;
            }
            default -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (int count = random.nextInt(5); count > 0; count--) {
                    map.put("key" + count, value(random, depth - 1));
                }
                yield map;
            }
        };
    }

    /** The value as it was read, in the shape that it had. */
    private static Object reread(JsonValue json, Object shape) {
        return switch (shape) {
            case Map<?, ?> map -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                map.forEach((name, field) -> fields.put((String) name, reread(json.field((String) name), field)));
                yield fields;
            }
            case List<?> list -> {
                List<Object> items = new ArrayList<>();
                for (int index = 0; index < list.size(); index++) {
                    items.add(reread(json.list(list.size()).get(index), list.get(index)));
                }
                yield items;
            }
            default -> json.text();
        };
    }

    @Test
    void numbersAreNumbers() {
        assertEquals("[1, -2, 0.5, 1.0E100]", JsonText.printLine(List.of(1, -2L, 0.5, 1e100)));
        for (double none : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> JsonText.printLine(none));
        }
        assertThrows(IllegalArgumentException.class, () -> JsonText.printLine('c'));
    }

    @Test
    void charactersThatJsonOrALineHasNoPlaceForAreEscaped() {
        assertEquals(
                "\"\\u0000\\u001f \\u007f~\\ud83d\\ude00\u00e4\"",
                JsonText.printLine("\0\u001f \u007f~\ud83d\ude00\u00e4"));
        assertEquals("\"\\\"\\\\\\n\\r\\t/\"", JsonText.printLine("\"\\\n\r\t/"));
    }

    @Test
    void aWholeNumberLiesWithinItsBounds() {
        JsonValue json = JsonValue.parse("test.json", "{\"n\": 5}").field("n");
        assertEquals(5, json.whole(5, 5));
        assertEquals("test.json: n: expected a whole number from 6 to 9, found 5", message(() -> json.whole(6, 9)));
        assertEquals("test.json: n: expected a whole number from 1 to 4, found 5", message(() -> json.whole(1, 4)));
        JsonValue large = JsonValue.parse(
                "test.json", "{\"max\": 9223372036854775807, \"over\": 9223372036854775808, \"half\": 0.5}");
        assertEquals(Long.MAX_VALUE, large.field("max").size());
        assertEquals(
                "test.json: over: expected a whole number, found 9223372036854775808",
                message(() -> large.field("over").size()));
        assertEquals(
                "test.json: half: expected a whole number, found 0.5",
                message(() -> large.field("half").count()));
    }

    @Test
    void otherNumbersAreReadAsTheyAre() {
        JsonValue json = JsonValue.parse("test.json", "{\"half\": -0.5, \"one\": 1, \"text\": \"1\"}");
        assertEquals(-0.5, json.field("half").number());
        assertEquals(1, json.field("one").number());
        assertEquals(
                "test.json: text: expected a number, found \"1\"",
                message(() -> json.field("text").number()));
    }

    @Test
    void whetherAFieldIsThereCanBeAsked() {
        JsonValue json = JsonValue.parse("test.json", "{\"a\": null}");
        assertTrue(json.has("a"));
        assertFalse(json.has("b"));
        assertEquals("test.json: the field \"b\" is missing", message(() -> json.field("b")));
    }

    @Test
    void whatWasFoundIsDescribedInShort() {
        String forty = "x".repeat(40);
        JsonValue json = JsonValue.parse(
                "test.json",
                "{\"a\": null, \"b\": {}, \"c\": [], \"d\": true, \"e\": false, \"f\": \"" + forty + "\", \"g\": \""
                        + forty + "y\"}");
        List<String> found = List.of(
                "a null",
                "b an object",
                "c a list",
                "d true",
                "e false",
                "f \"" + forty + "\"",
                "g \"" + forty + "…\"");
        for (String each : found) {
            String name = each.substring(0, 1);
            assertEquals(
                    "test.json: " + name + ": expected a whole number, found " + each.substring(2),
                    message(() -> json.field(name).count()));
        }
    }

    private static String message(Runnable read) {
        return String.valueOf(assertThrows(BundleException.class, read::run).getMessage());
    }
}
