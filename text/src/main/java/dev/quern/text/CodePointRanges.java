package dev.quern.text;

import static dev.quern.text.CharacterClass.SPACE;

import java.util.Arrays;

/**
 * A set of code points, as a vocabulary's authors spelled it out; white space is in no set, whatever the ranges span.
 */
final class CodePointRanges {
    private final int[] firsts;
    private final int[] lasts;

    private CodePointRanges(int[] firsts, int[] lasts) {
        this.firsts = firsts;
        this.lasts = lasts;
    }

    /** Ascending ranges in hexadecimal, with blanks between: {@code 41-5A B5 C0-D6}. */
    static CodePointRanges of(String spelled) {
        int[] firsts = new int[128];
        int[] lasts = new int[128];
        int count = 0;
        for (int at = 0; at < spelled.length(); count++) {
            int blank = spelled.indexOf(' ', at);
            String range = spelled.substring(at, blank < 0 ? spelled.length() : blank);
            int dash = range.indexOf('-');
            firsts[count] = Integer.parseInt(dash < 0 ? range : range.substring(0, dash), 16);
            lasts[count] = Integer.parseInt(range.substring(dash + 1), 16);
            at += range.length() + 1;
        }
        return new CodePointRanges(Arrays.copyOf(firsts, count), Arrays.copyOf(lasts, count));
    }

    private boolean contains(int codePoint) {
        int found = Arrays.binarySearch(firsts, codePoint);
        int range = found >= 0 ? found : -found - 2;
        return range >= 0 && codePoint <= lasts[range] && CharacterClass.of(codePoint) != SPACE;
    }

    /** The end of the run of code points that are in the set. */
    int runEnd(char[] text, int position, int end) {
        int at = position;
        while (at < end) {
            int codePoint = Character.codePointAt(text, at, end);
            if (!contains(codePoint)) {
                return at;
            }
            at += Character.charCount(codePoint);
        }
        return at;
    }
}
