package dev.quern.text;

import static dev.quern.text.CharacterClass.LETTER;
import static dev.quern.text.CharacterClass.MARK;
import static dev.quern.text.CharacterClass.NONE;
import static dev.quern.text.CharacterClass.NUMBER;
import static dev.quern.text.CharacterClass.OTHER;
import static dev.quern.text.CharacterClass.PUNCTUATION;
import static dev.quern.text.CharacterClass.SPACE;
import static dev.quern.text.CharacterClass.SYMBOL;

/**
 * The words of GPT-2: {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)}. A white space
 * character that no branch takes is a word of its own.
 */
record Gpt2Splitter() implements WordSplitter {
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

    private static int wordEnd(char[] text, int position, int end) {
        if (text[position] == '\'') {
            int contraction = contractionEnd(text, position, end);
            if (contraction > position) {
                return contraction;
            }
        }
        int body = text[position] == ' ' ? position + 1 : position;
        int first = CharacterClass.at(text, body, end);
        if ((first & LETTER) != 0) {
            return CharacterClass.runEnd(text, body, end, LETTER);
        }
        if (first == NUMBER) {
            return CharacterClass.runEnd(text, body, end, NUMBER);
        }
        if (first != NONE && (first & REST) != 0) {
            return CharacterClass.runEnd(text, body, end, REST);
        }
        int blank = CharacterClass.runEnd(text, position, end, SPACE);
        // \s+(?!\S): all but the last, unless the text ends here. All white space characters are one char wide.
        return blank == end || blank == position + 1 ? blank : blank - 1;
    }

    private static int contractionEnd(char[] text, int position, int end) {
        char first = position + 1 < end ? text[position + 1] : 0;
        if (first == 's' || first == 't' || first == 'm' || first == 'd') {
            return position + 2;
        }
        char second = position + 2 < end ? text[position + 2] : 0;
        boolean pair =
                (first == 'r' && second == 'e') || (first == 'v' && second == 'e') || (first == 'l' && second == 'l');
        return pair ? position + 3 : position;
    }
}
