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
 * The words of Llama 3 and Qwen: {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
 * ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}.
 *
 * @param digits how many digits at most are one word: 3 in Llama 3, 1 in Qwen 2
 * @param letters the classes that count as letters: with marks in Qwen 3.5, without elsewhere
 */
record Llama3Splitter(int digits, int letters) implements WordSplitter {
    static final Llama3Splitter LLAMA3 = new Llama3Splitter(3, LETTER);
    static final Llama3Splitter QWEN2 = new Llama3Splitter(1, LETTER);
    static final Llama3Splitter QWEN35 = new Llama3Splitter(1, LETTER | MARK);

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
        int contraction = unit == '\'' ? Contraction.end(text, position, end) : position;
        if (contraction > position) {
            return contraction;
        }
        int first = CharacterClass.at(text, position, end);
        if ((first & letters) != 0) {
            return CharacterClass.runEnd(text, position, end, letters);
        }
        if (first == NUMBER) {
            return numberEnd(text, position, end);
        }
        int second = position + CharacterClass.width(text, position, end);
        int secondClass = CharacterClass.at(text, second, end);
        if (unit != '\r' && unit != '\n' && (secondClass & letters) != 0) {
            return CharacterClass.runEnd(text, second, end, letters);
        }
        int rest = (MARK | PUNCTUATION | SYMBOL | OTHER) & ~letters;
        boolean spaceThenRest = unit == ' ' && secondClass != NONE && (secondClass & rest) != 0;
        if (spaceThenRest || first != SPACE) {
            int restEnd = CharacterClass.runEnd(text, second, end, rest);
            while (restEnd < end && (text[restEnd] == '\r' || text[restEnd] == '\n')) {
                restEnd++;
            }
            return restEnd;
        }
        return BlankRun.end(text, position, end);
    }

    private int numberEnd(char[] text, int position, int end) {
        int at = position;
        for (int count = 0; count < digits && CharacterClass.at(text, at, end) == NUMBER; count++) {
            at += CharacterClass.width(text, at, end);
        }
        return at;
    }
}
