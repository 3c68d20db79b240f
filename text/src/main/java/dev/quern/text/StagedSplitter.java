package dev.quern.text;

import static dev.quern.text.CharacterClass.NUMBER;
import static dev.quern.text.CharacterClass.PUNCTUATION;

/**
 * Cuts in stages: each stage cuts again what the one before left. What a stage's expression matches becomes a segment,
 * and so does what lies between two matches.
 */
record StagedSplitter(Stage stage) implements WordSplitter {
    private static final Gpt2Splitter GPT2 = new Gpt2Splitter();

    /** Which stages surround the words of GPT-2. */
    enum Stage {
        /** {@code \p{N}} first (each digit alone), then GPT-2. */
        DIGITS_FIRST,
        /** {@code [\p{P}$+<=>^~|]+}, GPT-2, {@code \p{N}+}, {@code [0-9]{3}}: the class of files that name none. */
        UNNAMED,
        /** {@code [\p{P}$+<=>^~|`]+}, GPT-2, {@code [0-9]{3}}. */
        FALCON
    }

    @Override
    public void split(char[] text, int start, int end, PieceSink sink) {
        switch (stage) {
            case DIGITS_FIRST -> digitsFirst(text, start, end, sink);
            case UNNAMED ->
                punctuationFirst(text, start, end, (word, from, to) -> numbersApart(word, from, to, sink), false);
            case FALCON ->
                punctuationFirst(text, start, end, (word, from, to) -> tripletsApart(word, from, to, sink), true);
        }
    }

    private static void digitsFirst(char[] text, int start, int end, PieceSink sink) {
        int segment = start;
        int position = start;
        while (position < end) {
            int width = CharacterClass.width(text, position, end);
            if (CharacterClass.at(text, position, end) == NUMBER) {
                GPT2.split(text, segment, position, sink);
                sink.piece(text, position, position + width);
                segment = position + width;
            }
            position += width;
        }
        GPT2.split(text, segment, end, sink);
    }

    private static void punctuationFirst(char[] text, int start, int end, PieceSink sink, boolean backtick) {
        int segment = start;
        boolean inside = false;
        for (int position = start; position < end; ) {
            boolean mark = isPunctuation(text, position, end, backtick);
            if (mark != inside) {
                GPT2.split(text, segment, position, sink);
                segment = position;
                inside = mark;
            }
            position += CharacterClass.width(text, position, end);
        }
        GPT2.split(text, segment, end, sink);
    }

    private static boolean isPunctuation(char[] text, int position, int end, boolean backtick) {
        return switch (text[position]) {
            case '$', '+', '<', '=', '>', '^', '~', '|' -> true;
            case '`' -> backtick;
            default -> CharacterClass.at(text, position, end) == PUNCTUATION;
        };
    }

    private static void numbersApart(char[] text, int start, int end, PieceSink sink) {
        int segment = start;
        boolean inside = false;
        for (int position = start; position < end; ) {
            boolean number = CharacterClass.at(text, position, end) == NUMBER;
            if (number != inside) {
                tripletsApart(text, segment, position, sink);
                segment = position;
                inside = number;
            }
            position += CharacterClass.width(text, position, end);
        }
        tripletsApart(text, segment, end, sink);
    }

    private static void tripletsApart(char[] text, int start, int end, PieceSink sink) {
        int segment = start;
        int position = start;
        while (position + 2 < end) {
            if (isDigit(text[position]) && isDigit(text[position + 1]) && isDigit(text[position + 2])) {
                if (position > segment) {
                    sink.piece(text, segment, position);
                }
                sink.piece(text, position, position + 3);
                position += 3;
                segment = position;
            } else {
                position++;
            }
        }
        if (end > segment) {
            sink.piece(text, segment, end);
        }
    }

    private static boolean isDigit(char unit) {
        return unit >= '0' && unit <= '9';
    }
}
