package dev.quern.ir.text;

/** How names and free text are spelled: as they are where that is unambiguous, else in quotation marks. */
public final class Names {
    private static final String HEXADECIMAL = "0123456789abcdef";
    private static final char NO_BREAK_SPACE = '\u00a0';

    private Names() {}

    /** The name after its mark: {@code blk.0.attn_q}, or {@code "a b"} for a name of other characters. */
    public static String print(String name) {
        return isPlain(name) ? name : quote(name);
    }

    /** Text in quotation marks; what is unseen, quotation marks and backslashes are escaped. */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c == NO_BREAK_SPACE || Unseen.is(c)) {
                // Surrogates are escaped too: in pairs, what they stand for may be unseen.
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(HEXADECIMAL.charAt((c >> shift) & 15));
                }
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    private static boolean isPlain(String name) {
        for (int index = 0; index < name.length(); index++) {
            char c = name.charAt(index);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            if (!letter && (index == 0 || (c != '.' && c != '-'))) {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
