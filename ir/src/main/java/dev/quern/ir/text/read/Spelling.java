package dev.quern.ir.text.read;

import org.antlr.v4.runtime.Token;

/** The reverse of how the writer spells names, text and numbers. */
final class Spelling {
    private Spelling() {}

    /** The name after the mark of {@code %name}, {@code @name} or {@code ?name}, without quotation marks. */
    static String name(String marked) {
        String text = marked.substring(1);
        return text.startsWith("\"") ? unquote(text) : text;
    }

    static String unquote(String quoted) {
        StringBuilder out = new StringBuilder();
        int last = quoted.length() - 1;
        for (int index = 1; index < last; index++) {
            char c = quoted.charAt(index);
            if (c != '\\') {
                out.append(c);
            } else if (quoted.charAt(index + 1) == 'u') {
                out.append((char) Integer.parseInt(quoted.substring(index + 2, index + 6), 16));
                index += 5;
            } else {
                out.append(quoted.charAt(index + 1));
                index++;
            }
        }
        return out.toString();
    }

    static long whole(Source source, Token token) {
        try {
            return Long.parseLong(token.getText());
        } catch (NumberFormatException e) {
            throw source.error(
                    TreeBuilder.at(token),
                    "a whole number must be from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE + ", not "
                            + token.getText());
        }
    }

    /** A number that can be computed with: the grammar spells others too, so that they can be refused by name. */
    static float real(Source source, Token token) {
        String text = token.getText();
        float value = text.endsWith("nan") || text.endsWith("infinity") ? Float.NaN : Float.parseFloat(text);
        if (!Float.isFinite(value)) {
            String most = Float.toString(Float.MAX_VALUE).replace('E', 'e');
            throw source.error(
                    TreeBuilder.at(token),
                    "expected a finite number, from -" + most + " to " + most + ", found " + text);
        }
        return value;
    }
}
