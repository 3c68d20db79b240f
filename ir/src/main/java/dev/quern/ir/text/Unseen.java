package dev.quern.ir.text;

import java.util.Locale;

/**
 * Characters that are no text to look at but do something to what shows them: they steer a terminal, begin a line or
 * turn the order of characters around. A name out of a file may hold any of them, so wherever such a name is written
 * they are escaped.
 *
 * <p>Joiners (U+200C, U+200D) and variation selectors are not among them: they shape the characters beside them.
 */
public final class Unseen {
    private Unseen() {}

    /** Whether a code point is one of them; lone surrogates are, since they have no UTF-8. */
    public static boolean is(int codePoint) {
        if (codePoint < 0x7f) {
            return codePoint < 0x20;
        }
        return codePoint <= 0x9f // delete, and the controls of eight bits
                || codePoint == 0x61c // Arabic letter mark
                || codePoint == 0x200b // zero width space
                || (codePoint >= 0x200e && codePoint <= 0x200f) // marks of direction
                || (codePoint >= 0x2028
                        && codePoint <= 0x202e) // line, paragraph, embeddings and overrides of direction
                || (codePoint >= 0x2060
                        && codePoint <= 0x206f) // word joiner, invisible operators, isolates of direction
                || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE)
                || codePoint == 0xfeff // byte-order mark
                || (codePoint >= 0xfff9 && codePoint <= 0xfffb) // annotations
                || (codePoint >= 0xe0000 && codePoint <= 0xe007f); // tags
    }

    /** A text that stays on its line and does nothing else than to stand there. */
    public static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            if (is(codePoint)) {
                out.append(escaped(codePoint));
            } else {
                out.appendCodePoint(codePoint);
            }
        }
        return out.toString();
    }

    /**
     * How a code point is shown: <code>&#92;n</code>, <code>&#92;r</code>, <code>&#92;t</code> or, as for U+001B,
     * <code>&#92;u{1B}</code>.
     */
    public static String escaped(int codePoint) {
        return switch (codePoint) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> "\\u{" + Integer.toHexString(codePoint).toUpperCase(Locale.ROOT) + "}";
        };
    }
}
