package dev.quern.text;

/** The white space branches that the newer word classes share: {@code \s*[\r\n]+|\s+(?!\S)|\s+}. */
final class BlankRun {
    private BlankRun() {}

    /** The end of the word that begins at {@code position}, where a white space character stands. */
    static int end(char[] text, int position, int end) {
        int blank = CharacterClass.runEnd(text, position, end, CharacterClass.SPACE);
        for (int at = blank - 1; at >= position; at--) {
            if (text[at] == '\r' || text[at] == '\n') {
                return at + 1;
            }
        }
        return blank == end || blank == position + 1 ? blank : blank - 1;
    }
}
