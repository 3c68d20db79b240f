package dev.quern.gguf;

import dev.quern.ir.text.Unseen;

/**
 * Writes text from a file into messages: in single quotes, on one line, what is {@link Unseen} escaped (a hostile key
 * must not steer a terminal), at most {@value #MOST_CHARACTERS} characters.
 */
public final class Quote {
    private static final int MOST_CHARACTERS = 80;

    private Quote() {}

    /** The text in quotes. */
    public static String of(String text) {
        var out = new StringBuilder("'");
        int at = 0;
        while (at < text.length() && at < MOST_CHARACTERS) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            if (codePoint == '\\' || codePoint == '\'') {
                out.append('\\').append((char) codePoint);
            } else if (Unseen.is(codePoint)) {
                out.append(Unseen.escaped(codePoint));
            } else {
                out.appendCodePoint(codePoint);
            }
        }
        out.append('\'');
        if (at < text.length()) {
            out.append("… (").append(text.length()).append(" characters)");
        }
        return out.toString();
    }
}
