package dev.quern.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CharacterClassTest {
    private static final Pattern SPACE = Pattern.compile("[\\p{IsWhite_Space}]");

    /** The JDK may know a newer version of Unicode than 16.0: what that adds belongs into {@link NewerCharacters}. */
    @Test
    void equalsTheDataOfTheJdk() {
        for (int codePoint = 0; codePoint <= 0x10FFFF; codePoint++) {
            int point = codePoint;
            assertEquals(expected(point), CharacterClass.of(point), () -> "U+" + Integer.toHexString(point));
        }
    }

    @Test
    void hasAsManyOfEachClassAsUnicode15() {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int codePoint = 0; codePoint <= 0x10FFFF; codePoint++) {
            int classes = CharacterClass.of(codePoint);
            counts.merge((classes & CharacterClass.LETTER) != 0 ? CharacterClass.LETTER : classes, 1, Integer::sum);
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

    @Test
    void runsEndAtTheLimitAndNeverWithinACharacter() {
        char[] text = "ab\ud835\udc00\ud83d\ude00 ".toCharArray();
        assertEquals(4, CharacterClass.runEnd(text, 0, text.length, CharacterClass.LETTER));
        assertEquals(1, CharacterClass.runEnd(text, 0, 1, CharacterClass.LETTER));
        assertEquals(6, CharacterClass.runEnd(text, 4, text.length, CharacterClass.SYMBOL));
        assertEquals(CharacterClass.NONE, CharacterClass.at(text, 2, 2));
        assertEquals(2, CharacterClass.width(text, 2, text.length));
    }

    private static int expected(int codePoint) {
        if (SPACE.matcher(Character.toString(codePoint)).matches()) {
            return CharacterClass.SPACE;
        }
        if (NewerCharacters.contains(codePoint)) {
            return CharacterClass.OTHER;
        }
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> CharacterClass.CAPITAL;
            case Character.LOWERCASE_LETTER -> CharacterClass.SMALL;
            case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> CharacterClass.UNCASED;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
                CharacterClass.NUMBER;
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
                CharacterClass.MARK;
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> CharacterClass.PUNCTUATION;
            case Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL, Character.MODIFIER_SYMBOL, Character.OTHER_SYMBOL ->
                CharacterClass.SYMBOL;
            default -> CharacterClass.OTHER;
        };
    }
}
