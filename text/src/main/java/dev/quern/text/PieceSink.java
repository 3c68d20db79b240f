package dev.quern.text;

/** Takes the words that a {@link WordSplitter} cuts, in order and without gaps. */
interface PieceSink {
    /** One word: the characters from {@code start} (inclusive) to {@code end} (exclusive). */
    void piece(char[] text, int start, int end);
}
