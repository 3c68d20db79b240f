package dev.quern.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TextTest {
    @Property
    void agreesWithThePlatformOnWhatIsUtf8(@ForAll byte[] bytes) {
        assertEquals(isUtf8ByThePlatform(bytes), GgufString.of(bytes).isUtf8());
    }

    @Property
    void everyTextIsUtf8(@ForAll String text) {
        // A lone surrogate becomes '?', which is UTF-8 too.
        assertEquals(true, GgufString.of(text).isUtf8());
    }

    @Test
    void refusesOverlongFormsSurrogatesAndWhatLiesAboveUnicode() {
        int[][] malformed = {
            {0xc0, 0x80},
            {0xc1, 0xbf},
            {0xe0, 0x9f, 0xbf},
            {0xed, 0xa0, 0x80},
            {0xf0, 0x8f, 0xbf, 0xbf},
            {0xf4, 0x90, 0x80, 0x80},
            {0xf5, 0x80, 0x80, 0x80},
            {0x80},
            {0xe2, 0x82}
        };
        for (int[] each : malformed) {
            byte[] bytes = new byte[each.length];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) each[i];
            }
            assertFalse(GgufString.of(bytes).isUtf8());
            assertFalse(isUtf8ByThePlatform(bytes));
        }
    }

    @Test
    void quotesSoThatNoTerminalIsSteered() {
        assertEquals("'a\\u{1B}[31m\\n\\'\\\\'", Quote.of("a" + (char) 27 + "[31m\n'\\"));
        assertEquals("'" + "x".repeat(80) + "'… (100 characters)", Quote.of("x".repeat(100)));
    }

    private static boolean isUtf8ByThePlatform(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
