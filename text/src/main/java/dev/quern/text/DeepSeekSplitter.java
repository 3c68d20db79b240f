package dev.quern.text;

import static dev.quern.text.CharacterClass.LETTER;
import static dev.quern.text.CharacterClass.NUMBER;
import static dev.quern.text.CharacterClass.PUNCTUATION;
import static dev.quern.text.CharacterClass.SPACE;

import java.util.List;

/**
 * The words of DeepSeek's first models. Stage by stage, each cuts again what the one before left: what a stage's
 * expression matches becomes a segment, and so does what lies between two matches.
 */
final class DeepSeekSplitter implements WordSplitter {
    /** {@code [\r\n]}, {@code \s?\p{L}+}, {@code \s?\p{P}+}, {@code [一-龥ࠀ-一가-퟿]+}, {@code \p{N}}. */
    static final DeepSeekSplitter CODER = new DeepSeekSplitter(
            List.of(Stage.LINE_END, Stage.LETTERS, Stage.PUNCTUATION, Stage.EAST_ASIAN, Stage.DIGIT));

    /**
     * {@code [\r\n]}, {@code \s?} and letters of cased scripts, {@code \s?} and punctuation or Latin letters,
     * {@code \s+$}, {@code [一-龥ࠀ-一가-퟿]+}, {@code \p{N}+}.
     */
    static final DeepSeekSplitter LLM = new DeepSeekSplitter(List.of(
            Stage.LINE_END, Stage.CASED_LETTERS, Stage.MARKS, Stage.TRAILING_SPACE, Stage.EAST_ASIAN, Stage.DIGITS));

    /**
     * The letters of scripts that have cases, as the vocabulary's authors listed them: first and last code point of
     * each run.
     */
    private static final CodePointRanges CASED = CodePointRanges.of("41-5A 61-7A B5 C0-D6 D8-F6 F8-1BA 1BC-1BF 1C4-293"
            + " 295-2AF 370-373 376-377 37B-37D 37F 386 388-38A 38C 38E-3A1 3A3-3F5 3F7-481 48A-52F 531-556 10A0-10C5"
            + " 13A0-13F5 13F8-13FD 1C90-1CBA 1CBD-1CBF 1D00-1D2B 1D6B-1D77 1D79-1D9A 1E00-1F15 1F18-1F1D 1F20-1F45"
            + " 1F48-1F4D 1F50-1F57 1F59 1F5B 1F5D 1F5F-1F7D 1F80-1FB4 1FB6-1FBC 1FBE 1FC2-1FC4 1FC6-1FCC 1FD0-1FD3"
            + " 1FD6-1FDB 1FE0-1FEC 1FF2-1FF4 1FF6-1FFC 2102 2107 210A-2113 2115 2119-211D 2124 2126 2128 212A-212D"
            + " 212F-2134 2139 213C-213F 2145-2149 214E 2183-2184 2C00-2C7B 2C7E-2CE4 2CEB-2CEE 2CF2-2CF3 A640-A66D"
            + " A680-A69B A722-A76F A771-A787 A78B-A78E AB70-ABBF FB00-FB06 FB13-FB17 FF21-FF3A FF41-FF5A 10400-1044F"
            + " 104B0-104D3 104D8-104FB 10C80-10CB2 10CC0-10CF2 118A0-118DF 1E900-1E943");

    /** {@code [!-/:-~！-／：-～‘-‟　-。]}: more than punctuation, {@code :-~} holds the Latin letters. */
    private static final CodePointRanges MARKS =
            CodePointRanges.of("21-2F 3A-7E 2018-201F 3000-3002 FF01-FF0F FF1A-FF5E");

    private static final CodePointRanges EAST_ASIAN = CodePointRanges.of("800-9FA5 AC00-D7FF");

    private final List<Stage> stages;

    private DeepSeekSplitter(List<Stage> stages) {
        this.stages = stages;
    }

    /** What one stage cuts out. */
    private enum Stage {
        LINE_END,
        LETTERS,
        CASED_LETTERS,
        PUNCTUATION,
        MARKS,
        TRAILING_SPACE,
        EAST_ASIAN,
        DIGIT,
        DIGITS
    }

    @Override
    public void split(char[] text, int start, int end, PieceSink sink) {
        split(0, text, start, end, sink);
    }

    private void split(int number, char[] text, int start, int end, PieceSink sink) {
        if (start == end) {
            return;
        }
        if (number == stages.size()) {
            sink.piece(text, start, end);
            return;
        }
        Stage stage = stages.get(number);
        int segment = start;
        int position = start;
        while (position < end) {
            int matched = matchEnd(stage, text, position, end);
            if (matched > position) {
                split(number + 1, text, segment, position, sink);
                split(number + 1, text, position, matched, sink);
                segment = matched;
                position = matched;
            } else {
                position = next(stage, text, position, end);
            }
        }
        split(number + 1, text, segment, end, sink);
    }

    /**
     * Where to look after nothing was found at {@code position}: behind a run of space that does not end the segment,
     * as a whole.
     */
    private static int next(Stage stage, char[] text, int position, int end) {
        int after = position + CharacterClass.width(text, position, end);
        return stage == Stage.TRAILING_SPACE
                ? Math.max(after, CharacterClass.runEnd(text, position, end, SPACE))
                : after;
    }

    /** Where a match that begins at {@code position} ends; {@code position} where none does. */
    private static int matchEnd(Stage stage, char[] text, int position, int end) {
        return switch (stage) {
            case LINE_END -> text[position] == '\r' || text[position] == '\n' ? position + 1 : position;
            case LETTERS -> spaced(text, position, end, LETTER);
            case PUNCTUATION -> spaced(text, position, end, PUNCTUATION);
            case CASED_LETTERS -> spaced(text, position, end, CASED);
            case MARKS -> spaced(text, position, end, MARKS);
            case TRAILING_SPACE -> {
                int blank = CharacterClass.runEnd(text, position, end, SPACE);
                yield blank == end ? end : position;
            }
            case EAST_ASIAN -> EAST_ASIAN.runEnd(text, position, end);
            case DIGIT ->
                CharacterClass.at(text, position, end) == NUMBER
                        ? position + CharacterClass.width(text, position, end)
                        : position;
            case DIGITS -> CharacterClass.runEnd(text, position, end, NUMBER);
        };
    }

    /** {@code \s?[classes]+}. All white space characters are one char wide. */
    private static int spaced(char[] text, int position, int end, int classes) {
        int body = body(text, position, end);
        int matched = CharacterClass.runEnd(text, body, end, classes);
        return matched > body ? matched : position;
    }

    private static int spaced(char[] text, int position, int end, CodePointRanges ranges) {
        int body = body(text, position, end);
        int matched = ranges.runEnd(text, body, end);
        return matched > body ? matched : position;
    }

    private static int body(char[] text, int position, int end) {
        return CharacterClass.at(text, position, end) == SPACE ? position + 1 : position;
    }
}
