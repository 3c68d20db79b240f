package dev.quern.cli.terminal;

import dev.quern.ir.text.Unseen;

/**
 * Text that shows all of itself: what would steer a terminal, begin a line or turn the order of characters around is
 * written as <code>&#92;u{1B}</code>. Names, keys and texts out of a model file can hold anything, and so can names of
 * files.
 */
public final class Visible {
    private static final String HEXADECIMAL = "0123456789ABCDEF";

    private Visible() {}

    /** A text of several lines: line feeds and tabs stay. */
    public static String text(String text) {
        return escaped(text, true);
    }

    /**
     * A name, a value or a path within a line: line feeds and tabs are escaped too, so that it cannot pretend to be a
     * line of its own.
     */
    public static String line(Object text) {
        return escaped(String.valueOf(text), false);
    }

    /**
     * A character that is not shown as it is. A lone surrogate that stands for a byte which is no character by itself,
     * as {@link dev.quern.text.TokenText} has them, is <code>&#92;xE2</code>.
     */
    public static String escaped(int codePoint) {
        if (codePoint >= 0xDC80 && codePoint <= 0xDCFF) {
            return "\\x" + HEXADECIMAL.charAt(codePoint >> 4 & 15) + HEXADECIMAL.charAt(codePoint & 15);
        }
        return Unseen.escaped(codePoint);
    }

    private static String escaped(String text, boolean keepsLines) {
        int at = unseen(text, 0, keepsLines);
        if (at == text.length()) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16);
        int copied = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            shown.append(text, copied, at).append(escaped(codePoint));
            copied = at + Character.charCount(codePoint);
            at = unseen(text, copied, keepsLines);
        }
        return shown.append(text, copied, text.length()).toString();
    }

    /** Where the first character stands that is escaped, or the text's end. */
    private static int unseen(String text, int start, boolean keepsLines) {
        int at = start;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            if (Unseen.is(codePoint) && !(keepsLines && (codePoint == '\n' || codePoint == '\t'))) {
                return at;
            }
            at += Character.charCount(codePoint);
        }
        return at;
    }
}
