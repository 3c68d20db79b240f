package dev.quern.text;

import static dev.quern.text.CharacterClass.CAPITAL;
import static dev.quern.text.CharacterClass.LETTER;
import static dev.quern.text.CharacterClass.MARK;
import static dev.quern.text.CharacterClass.NUMBER;
import static dev.quern.text.CharacterClass.OTHER;
import static dev.quern.text.CharacterClass.PUNCTUATION;
import static dev.quern.text.CharacterClass.SMALL;
import static dev.quern.text.CharacterClass.SPACE;
import static dev.quern.text.CharacterClass.SYMBOL;
import static dev.quern.text.CharacterClass.UNCASED;

/**
 * The words of Tekken and of GPT-4o, which cut where a capital begins. With U =
 * {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]}, W = {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]} and C = a contraction (GPT-4o only):
 * {@code [^\r\n\p{L}\p{N}]?U*W+C?|[^\r\n\p{L}\p{N}]?U+W*C?|\p{N}{1,d}|
 * ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+}.
 *
 * @param digits how many digits at most are one word
 * @param contractions whether a contraction belongs to the word before it
 */
record CasedSplitter(int digits, boolean contractions) implements WordSplitter {
    static final CasedSplitter TEKKEN = new CasedSplitter(1, false);
    static final CasedSplitter GPT4O = new CasedSplitter(3, true);

    private static final int UPPER = CAPITAL | UNCASED | MARK;
    private static final int LOWER = SMALL | UNCASED | MARK;
    private static final int REST = MARK | PUNCTUATION | SYMBOL | OTHER;

    @Override
    public void split(char[] text, int start, int end, PieceSink sink) {
        int position = start;
        while (position < end) {
            int next = wordEnd(text, position, end);
            sink.piece(text, position, next);
            position = next;
        }
    }

    private int wordEnd(char[] text, int position, int end) {
        char unit = text[position];
        int first = CharacterClass.at(text, position, end);
        int second = position + CharacterClass.width(text, position, end);
        boolean mayLead = unit != '\r' && unit != '\n' && (first & (LETTER | NUMBER)) == 0;
        int letters = lettersEnd(text, position, second, end, mayLead);
        if (letters > position) {
            return contractions ? Contraction.end(text, letters, end) : letters;
        }
        if (first == NUMBER) {
            int at = second;
            for (int count = 1; count < digits && CharacterClass.at(text, at, end) == NUMBER; count++) {
                at += CharacterClass.width(text, at, end);
            }
            return at;
        }
        if (first != SPACE || (unit == ' ' && (CharacterClass.at(text, second, end) & REST) != 0)) {
            int restEnd = CharacterClass.runEnd(text, second, end, REST);
            while (restEnd < end && isLineEndOrSlash(text[restEnd])) {
                restEnd++;
            }
            return restEnd;
        }
        return BlankRun.end(text, position, end);
    }

    /**
     * The four ways of the two letter branches in the order in which the expression tries them; {@code position} if
     * none fits.
     */
    private static int lettersEnd(char[] text, int position, int second, int end, boolean mayLead) {
        if (mayLead) {
            int led = upperThenLower(text, second, end);
            if (led > second) {
                return led;
            }
        }
        int plain = upperThenLower(text, position, end);
        if (plain > position) {
            return plain;
        }
        if (mayLead) {
            int led = uppers(text, second, end);
            if (led > second) {
                return led;
            }
        }
        return uppers(text, position, end);
    }

    /** {@code U*W+} at {@code start}, or {@code start} where it does not match. */
    private static int upperThenLower(char[] text, int start, int end) {
        int at = start;
        int afterLastBoth = start;
        while (at < end) {
            int first = CharacterClass.at(text, at, end);
            if ((first & UPPER) == 0) {
                return first == SMALL ? CharacterClass.runEnd(text, at, end, LOWER) : afterLastBoth;
            }
            at += CharacterClass.width(text, at, end);
            // The greedy U* gives back what W+ needs: the word ends after the last character that is both.
            if ((first & LOWER) != 0) {
                afterLastBoth = at;
            }
        }
        return afterLastBoth;
    }

    /** {@code U+} at {@code start}; W* after it is empty, or the branch before would have matched. */
    private static int uppers(char[] text, int start, int end) {
        return CharacterClass.runEnd(text, start, end, UPPER);
    }

    private static boolean isLineEndOrSlash(char unit) {
        return unit == '\r' || unit == '\n' || unit == '/';
    }
}
