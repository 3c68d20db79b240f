package dev.quern.cli.tokens;

import dev.quern.cli.terminal.Visible;
import dev.quern.plan.json.JsonText;
import dev.quern.text.TokenText;

/** The bytes of tokens, in forms that show all of them. */
public final class Pieces {
    private Pieces() {}

    /**
     * For people: in quotes, with what cannot be seen as {@code \n}, {@code \t}, {@code \r} or
     * <code>&#92;u{200D}</code>, and bytes that are no character by themselves as {@code \xE2}.
     */
    public static String visible(byte[] piece) {
        String text = TokenText.decode(piece);
        StringBuilder shown = new StringBuilder(text.length() + 2).append('"');
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            switch (codePoint) {
                case '"', '\\' -> shown.append('\\').append((char) codePoint);
                default -> {
                    if (isSeen(codePoint)) {
                        shown.appendCodePoint(codePoint);
                    } else {
                        shown.append(Visible.escaped(codePoint));
                    }
                }
            }
        }
        return shown.append('"').toString();
    }

    /**
     * A JSON string. A byte that is no character by itself is the lone surrogate U+DC00 + byte, as {@link TokenText}
     * says: what some languages call the error handler "surrogateescape".
     */
    public static String json(byte[] piece) {
        return JsonText.printLine(TokenText.decode(piece));
    }

    private static boolean isSeen(int codePoint) {
        return codePoint == ' '
                || switch (Character.getType(codePoint)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.SURROGATE,
                            Character.SPACE_SEPARATOR,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> false;
                    default -> true;
                };
    }
}
