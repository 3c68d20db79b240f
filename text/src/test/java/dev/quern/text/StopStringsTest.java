package dev.quern.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StopStringsTest {
    @Provide
    Arbitrary<List<String>> chunks() {
        return Arbitraries.strings()
                .withChars('a', 'b', 'c')
                .ofMaxLength(5)
                .list()
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<String>> stops() {
        return Arbitraries.strings()
                .withChars('a', 'b', 'c')
                .ofMinLength(1)
                .ofMaxLength(4)
                .list()
                .ofMaxSize(3);
    }

    @Property(tries = 5000)
    void givesWhatStandsBeforeTheFirstStop(@ForAll("chunks") List<String> chunks, @ForAll("stops") List<String> stops) {
        String all = String.join("", chunks);
        int end = -1;
        int start = all.length();
        for (int at = 1; at <= all.length() && end < 0; at++) {
            for (String stop : stops) {
                if (all.startsWith(stop, at - stop.length())) {
                    end = at;
                    start = Math.min(start, at - stop.length());
                }
            }
        }
        StopStrings matcher = new StopStrings(stops);
        StringBuilder out = new StringBuilder();
        for (String chunk : chunks) {
            out.append(matcher.feed(chunk));
        }
        assertEquals(end >= 0, matcher.matched());
        out.append(matcher.flush());
        assertEquals(all.substring(0, start), out.toString());
    }

    @Test
    void holdsBackWhatMayBecomeAStop() {
        StopStrings matcher = new StopStrings(List.of("\nUser:", "###"));
        assertEquals("Hello", matcher.feed("Hello\nUs"));
        assertEquals("\nUsual ", matcher.feed("ual #"));
        assertEquals("#1 ", matcher.feed("1 ##"));
        assertFalse(matcher.matched());
        assertEquals("", matcher.feed("# and more"));
        assertTrue(matcher.matched());
        assertEquals("", matcher.feed("nothing follows"));
        assertEquals("", matcher.flush());
    }

    @Test
    void givesBackAtTheEndWhatWasNoStop() {
        StopStrings matcher = new StopStrings(List.of("stop"));
        assertEquals("a ", matcher.feed("a sto"));
        assertEquals("sto", matcher.flush());
    }

    @Test
    void refusesAnEmptyStop() {
        assertThrows(TokenizerException.class, () -> new StopStrings(List.of("a", "")));
    }
}
