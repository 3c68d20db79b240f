package dev.quern.text;

import java.util.Arrays;

/**
 * The classes of characters on which words are cut. Each class is one bit, so that a scanner asks for several at once.
 * Every code point has exactly one class, see {@link UnicodeTable}.
 */
final class CharacterClass {
    static final int CAPITAL = 1;
    static final int SMALL = 1 << 1;
    static final int UNCASED = 1 << 2;
    static final int NUMBER = 1 << 3;
    static final int MARK = 1 << 4;
    static final int PUNCTUATION = 1 << 5;
    static final int SYMBOL = 1 << 6;
    static final int SPACE = 1 << 7;
    /** Controls, formats, surrogates, code points for private use and unassigned ones. */
    static final int OTHER = 1 << 8;

    static final int LETTER = CAPITAL | SMALL | UNCASED;
    /** The end of the segment that is scanned: no class at all. */
    static final int NONE = 0;

    /** The bit numbers of the first 65,536 code points, so that nearly all text costs one look. */
    private static final byte[] BASIC = new byte[0x10000];

    /** The runs beyond: first code point and bit number. */
    private static final int[] RUN_STARTS;

    private static final byte[] RUN_BITS;

    static {
        int[] starts = new int[1024];
        byte[] bits = new byte[1024];
        int runs = 0;
        int codePoint = 0;
        String table = UnicodeTable.RUNS;
        for (int at = 0; at < table.length(); ) {
            byte bit = (byte) UnicodeTable.LETTERS.indexOf(table.charAt(at++));
            int count = 0;
            while (at < table.length() && table.charAt(at) <= '9') {
                count = 10 * count + table.charAt(at++) - '0';
            }
            int next = codePoint + Math.max(1, count);
            if (codePoint < BASIC.length) {
                Arrays.fill(BASIC, codePoint, Math.min(next, BASIC.length), bit);
            }
            if (next > BASIC.length) {
                if (runs == starts.length) {
                    starts = Arrays.copyOf(starts, 2 * runs);
                    bits = Arrays.copyOf(bits, 2 * runs);
                }
                starts[runs] = codePoint;
                bits[runs++] = bit;
            }
            codePoint = next;
        }
        RUN_STARTS = Arrays.copyOf(starts, runs);
        RUN_BITS = Arrays.copyOf(bits, runs);
    }

    private CharacterClass() {}

    /** The class of a code point. */
    static int of(int codePoint) {
        if (codePoint < BASIC.length) {
            return 1 << BASIC[codePoint];
        }
        int found = Arrays.binarySearch(RUN_STARTS, codePoint);
        // Where no run starts here, the search answers with minus the place of the next run, minus one.
        return 1 << RUN_BITS[found >= 0 ? found : -found - 2];
    }

    /** The class of the code point at {@code position}, or {@link #NONE} from {@code end} on. */
    static int at(char[] text, int position, int end) {
        if (position >= end) {
            return NONE;
        }
        char unit = text[position];
        return Character.isHighSurrogate(unit) ? of(Character.codePointAt(text, position, end)) : 1 << BASIC[unit];
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
                if ((1 << BASIC[unit] & classes) == 0) {
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
}
