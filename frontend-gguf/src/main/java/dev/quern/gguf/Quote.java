package dev.quern.gguf;

/**
 * Writes text from a file into messages: in single quotes, control characters escaped (a hostile key must not steer a
 * terminal), at most {@value #MOST_CHARACTERS} characters.
 */
public final class Quote {
    private static final int MOST_CHARACTERS = 80;

    private Quote() {}

    /** The text in quotes. */
    public static String of(String text) {
        var out = new StringBuilder("'");
        int shown = Math.min(text.length(), MOST_CHARACTERS);
        for (int i = 0; i < shown; i++) {
            char character = text.charAt(i);
            switch (character) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                case '\'' -> out.append("\\'");
                default -> {
                    if (character < 0x20 || (character >= 0x7f && character < 0xa0)) {
                        out.append("\\x").append(hexDigit(character >> 4)).append(hexDigit(character));
                    } else {
                        out.append(character);
                    }
                }
            }
        }
        out.append('\'');
        if (text.length() > shown) {
            out.append("… (").append(text.length()).append(" characters)");
        }
        return out.toString();
    }

    private static char hexDigit(int value) {
        return "0123456789abcdef".charAt(value & 0xf);
    }
}
