package dev.quern.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CharacterClassTest {
    /**
     * How many code points have each class, as the data files of Unicode 15.1 say. A host that knows a newer version than 16.0 fails
     * here: what it adds belongs into {@link NewerCharacters}.
     */
    @Test
    void isUnicode15() {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int codePoint = 0; codePoint <= 0x10FFFF; codePoint++) {
            counts.merge(CharacterClass.of(codePoint), 1, Integer::sum);
        }
        assertEquals(
                Map.of(
                        CharacterClass.LETTER, 136_726,
                        CharacterClass.NUMBER, 1_831,
                        CharacterClass.MARK, 2_450,
                        CharacterClass.PUNCTUATION, 842,
                        CharacterClass.SYMBOL, 7_775,
                        CharacterClass.SPACE, 25,
                        CharacterClass.OTHER, 964_463),
                counts);
    }
}
