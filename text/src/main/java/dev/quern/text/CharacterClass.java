package dev.quern.text;

/**
 * The classes of characters on which words are cut. Each class is one bit, so that a scanner asks for several at once.
 *
 * <p>Every code point has exactly one class. White space is Unicode's property {@code White_Space}; the others are the general
 * categories L, N, M, P and S of Unicode 15.1 (see {@link NewerCharacters}); {@link #OTHER} holds the rest (controls, formats,
 * surrogates, unassigned).
 */
final class CharacterClass {
    static final int LETTER = 1;
    static final int NUMBER = 2;
    static final int MARK = 4;
    static final int PUNCTUATION = 8;
    static final int SYMBOL = 16;
    static final int SPACE = 32;
    static final int OTHER = 64;
    /** The end of the segment that is scanned: no class at all. */
    static final int NONE = 0;

    /** The classes of the first 65,536 code points, so that nearly all text costs one look. */
    private static final byte[] BASIC = basic();

    private CharacterClass() {}

    /** The class of a code point. */
    static int of(int codePoint) {
        return codePoint < BASIC.length ? BASIC[codePoint] : classify(codePoint);
    }

    /** The class of the code point at {@code position}, or {@link #NONE} from {@code end} on. */
    static int at(char[] text, int position, int end) {
        if (position >= end) {
            return NONE;
        }
        char unit = text[position];
        return Character.isHighSurrogate(unit) ? of(Character.codePointAt(text, position, end)) : BASIC[unit];
    }

    /** How many characters the code point at {@code position} takes. */
    static int width(char[] text, int position, int end) {
        return Character.isHighSurrogate(text[position])
                        && position + 1 < end
                        && Character.isLowSurrogate(text[position + 1])
                ? 2
                : 1;
    }

    /** The end of the run of code points whose classes are among {@code classes}. */
    static int runEnd(char[] text, int position, int end, int classes) {
        int at = position;
        while (at < end) {
            char unit = text[at];
            if (!Character.isHighSurrogate(unit)) {
                if ((BASIC[unit] & classes) == 0) {
                    return at;
                }
                at++;
            } else {
                int codePoint = Character.codePointAt(text, at, end);
                if ((of(codePoint) & classes) == 0) {
                    return at;
                }
                at += Character.charCount(codePoint);
            }
        }
        return at;
    }

    private static int classify(int codePoint) {
        if (isSpace(codePoint)) {
            return SPACE;
        }
        return NewerCharacters.contains(codePoint) ? OTHER : category(codePoint);
    }

    private static int category(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER -> LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> MARK;
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> PUNCTUATION;
            case Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL, Character.MODIFIER_SYMBOL, Character.OTHER_SYMBOL ->
                SYMBOL;
            default -> OTHER;
        };
    }

    /** The property {@code White_Space}, which Unicode has not changed since version 6.3. */
    private static boolean isSpace(int codePoint) {
        return codePoint == ' '
                || (codePoint >= '\t' && codePoint <= '\r')
                || codePoint == 0x85
                || codePoint == 0xA0
                || codePoint == 0x1680
                || (codePoint >= 0x2000 && codePoint <= 0x200A)
                || codePoint == 0x2028
                || codePoint == 0x2029
                || codePoint == 0x202F
                || codePoint == 0x205F
                || codePoint == 0x3000;
    }

    private static byte[] basic() {
        byte[] classes = new byte[0x10000];
        for (int codePoint = 0; codePoint < classes.length; codePoint++) {
            classes[codePoint] = (byte) classify(codePoint);
        }
        return classes;
    }
}
