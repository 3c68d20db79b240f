package dev.quern.text;

/**
 * The English contractions {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)} at a place in the text, in ASCII letters of either
 * case.
 */
final class Contraction {
    private Contraction() {}

    /** The end of the contraction at {@code position}, or {@code position} if there is none. */
    static int end(char[] text, int position, int end) {
        if (position + 1 >= end || text[position] != '\'') {
            return position;
        }
        char first = lower(text[position + 1]);
        if (first == 's' || first == 't' || first == 'm' || first == 'd') {
            return position + 2;
        }
        char second = position + 2 < end ? lower(text[position + 2]) : 0;
        boolean pair =
                (first == 'r' && second == 'e') || (first == 'v' && second == 'e') || (first == 'l' && second == 'l');
        return pair ? position + 3 : position;
    }

    private static char lower(char unit) {
        return unit >= 'A' && unit <= 'Z' ? (char) (unit + ('a' - 'A')) : unit;
    }
}
