package dev.quern.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Marks keep to their characters. In these texts small letters are given, capital ones written. */
class MarkedTextTest {
    private static MarkedText of(String text) {
        MarkedText marked = MarkedText.EMPTY;
        for (int at = 0; at < text.length(); at++) {
            String character = text.substring(at, at + 1);
            marked = marked.concat(isGiven(text, at) ? MarkedText.given(character) : MarkedText.written(character));
        }
        return marked;
    }

    private static boolean isGiven(String text, int at) {
        return Character.isLowerCase(text.charAt(at));
    }

    private static void check(String expected, MarkedText marked) {
        assertEquals(expected, marked.text());
        for (int at = 0; at < expected.length(); at++) {
            assertEquals(isGiven(expected, at), marked.hasGiven(at, at + 1), marked + " at " + at);
        }
        assertEquals(of(expected), marked, "equal marks have one form");
    }

    @Test
    void showsWhatWasGiven() {
        assertEquals("AB«cd»E«f»", of("ABcdEf").toString());
        assertEquals("«a»", MarkedText.given("a").toString());
        assertEquals(MarkedText.EMPTY, MarkedText.given(""));
        assertNotEquals(MarkedText.written("a"), MarkedText.given("a"));
        assertEquals(MarkedText.written("a").hashCode(), MarkedText.given("a").hashCode());
    }

    @Test
    void knowsRuns() {
        MarkedText text = of("ABcdE");
        assertEquals(2, text.endOfRun(0));
        assertEquals(4, text.endOfRun(2));
        assertEquals(5, text.endOfRun(4));
        assertFalse(text.hasGiven(2, 2), "nothing is not given");
        assertTrue(text.hasGiven(0, 3));
        assertFalse(text.hasGiven(0, 2));
        assertFalse(text.hasGiven(4, 5));
    }

    @Test
    void whatStandsForGivenCharactersIsGiven() {
        MarkedText text = of("AbC");
        assertEquals(
                "A«&lt;»C",
                new MarkedText.Builder()
                        .append(text, 0, 1)
                        .appendFor(text, 1, 2, "&lt;")
                        .appendFor(text, 2, 3, "C")
                        .build()
                        .toString());
        assertEquals("«xyz»", text.becomes("xyz").toString());
        assertEquals("xyz", of("ABC").becomes("xyz").toString());
    }

    @Property
    void partsKeepTheirMarks(
            @ForAll("letters") String text, @ForAll @IntRange(max = 12) int a, @ForAll @IntRange(max = 12) int b) {
        int start = Math.min(Math.min(a, b), text.length());
        int end = Math.min(Math.max(a, b), text.length());
        check(text.substring(start, end), of(text).substring(start, end));
        check(text.substring(start), of(text).substring(start));
        MarkedText.Builder builder = new MarkedText.Builder();
        check(
                "Xy" + text.substring(start, end),
                builder.append(of("Xy")).append(of(text), start, end).build());
    }

    @Property
    void joinedTextsKeepTheirMarks(@ForAll @Size(max = 5) List<@From("letters") String> texts) {
        MarkedText.Builder builder = new MarkedText.Builder();
        MarkedText joined = MarkedText.EMPTY;
        for (String text : texts) {
            builder.append(of(text));
            joined = joined.concat(of(text));
        }
        check(String.join("", texts), builder.build());
        check(String.join("", texts), joined);
        assertEquals(joined.length(), builder.length());
    }

    @Provide
    Arbitrary<String> letters() {
        return Arbitraries.strings().withChars("abAB").ofMaxLength(12);
    }
}
