package dev.quern.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class DetokenizerTest {
    /** A token a byte: id = byte. */
    private static final Tokenizer BYTES =
            Tokenizers.of(SmallVocabularies.bytePair("gpt-2", List.of("a b"), List.of("<s>"), TokenType.CONTROL));

    private static final int CONTROL = 257;

    @Provide
    Arbitrary<int[]> bytes() {
        return Arbitraries.oneOf(
                        Arbitraries.integers().between(0, 255),
                        Arbitraries.of(0xC2, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF))
                .array(int[].class)
                .ofMaxSize(24)
                .filter(DetokenizerTest::spellsNoSurrogate);
    }

    /**
     * Here hosts differ: the JDK takes the three bytes of a surrogate as one mistake, browsers as three; see the test
     * below.
     */
    private static boolean spellsNoSurrogate(int[] values) {
        for (int at = 0; at + 1 < values.length; at++) {
            if (values[at] == 0xED && values[at + 1] >= 0xA0 && values[at + 1] <= 0xBF) {
                return false;
            }
        }
        return true;
    }

    @Test
    void eachByteOfASurrogateIsAMistake() {
        Detokenizer detokenizer = Detokenizer.ofText(BYTES);
        assertEquals("", detokenizer.feed(0xED));
        assertEquals("\ufffd\ufffd", detokenizer.feed(0xA0));
        assertEquals("\ufffd", detokenizer.feed(0x80));
        assertEquals("", detokenizer.flush());
    }

    @Property(tries = 5000)
    void decodesAnyBytesAsThePlatformDoes(@ForAll("bytes") int[] values) {
        byte[] bytes = new byte[values.length];
        Detokenizer detokenizer = Detokenizer.ofText(BYTES);
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < values.length; at++) {
            bytes[at] = (byte) values[at];
            String piece = detokenizer.feed(values[at]);
            assertFalse(piece.codePoints().anyMatch(point -> point >= 0xD800 && point <= 0xDFFF), "half a character");
            text.append(piece);
        }
        text.append(detokenizer.flush());
        assertEquals(new String(bytes, StandardCharsets.UTF_8), text.toString());
    }

    @Test
    void aCharacterAppearsWithItsLastByte() {
        Detokenizer detokenizer = Detokenizer.ofText(BYTES);
        assertEquals("", detokenizer.feed(0xF0));
        assertEquals("", detokenizer.feed(0x9F));
        assertEquals("", detokenizer.feed(0x98));
        assertEquals("\ud83d\ude00", detokenizer.feed(0x80));
        assertEquals("", detokenizer.feed(0xE4));
        assertEquals("\ufffdx", detokenizer.feed('x'), "known to be invalid only now");
        assertEquals("", detokenizer.feed(0xC3));
        assertEquals("\ufffd", detokenizer.flush());
        assertEquals("", detokenizer.flush());
    }

    @Test
    void controlTokensAreShownOnlyOnDemand() {
        assertEquals("", Detokenizer.ofText(BYTES).feed(CONTROL));
        assertEquals("<s>", Detokenizer.ofText(BYTES).showingControl().feed(CONTROL));
    }

    @Test
    void theSpaceBeforeATextIsTakenAwayOnce() {
        // 259 " a".
        Tokenizer tokenizer =
                Tokenizers.of(SmallVocabularies.sentencePiece(List.of("\u2581a", "\u2581\u2581"), -1, -1));
        Detokenizer text = Detokenizer.ofText(tokenizer);
        assertEquals("a", text.feed(259));
        assertEquals(" a", text.feed(259));
        assertEquals(" ", Detokenizer.ofText(tokenizer).feed(260), "one of two");
        assertEquals(" a", Detokenizer.ofContinuation(tokenizer).feed(259));
        Detokenizer afterControl = Detokenizer.ofText(tokenizer);
        assertEquals("", afterControl.feed(1));
        assertEquals(" a", afterControl.feed(259), "only the first id counts");
        assertTrue(tokenizer.addsSpacePrefix());
    }
}
