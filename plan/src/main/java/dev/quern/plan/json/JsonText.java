package dev.quern.plan.json;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prints JSON so that people can read it and compare two files line by line: what fits on a line stands on one, all
 * else is indented. Fields keep their order, so equal values give equal text.
 */
public final class JsonText {
    private static final int LINE = 140;

    private final StringBuilder out = new StringBuilder();

    private JsonText() {}

    /**
     * The text of a value, ending with a line feed.
     *
     * @param value a {@link Map} with an order, a {@link List}, a {@link String}, an {@link Integer}, {@link Long},
     *     {@link Double} or {@link Boolean}, or null
     */
    public static String print(@Nullable Object value) {
        var text = new JsonText();
        text.write(value, 0, 0);
        return text.out.append('\n').toString();
    }

    /** The text of a value on one line, without a line feed. */
    public static String printLine(@Nullable Object value) {
        var text = new JsonText();
        text.writeLine(value, Integer.MAX_VALUE);
        return text.out.toString();
    }

    /** Writes at an indent, where {@code column} characters of the line are used already. */
    private void write(@Nullable Object value, int indent, int column) {
        int start = out.length();
        // One column is kept for the comma that may follow.
        if (writeLine(value, start + LINE - 1 - column)) {
            return;
        }
        out.setLength(start);
        switch (value) {
            case Map<?, ?> map -> {
                out.append('{');
                String separator = "\n";
                for (var entry : map.entrySet()) {
                    out.append(separator);
                    int lineStart = out.length();
                    spaces(indent + 2);
                    string((String) entry.getKey());
                    out.append(": ");
                    write(entry.getValue(), indent + 2, out.length() - lineStart);
                    separator = ",\n";
                }
                closing(indent, '}');
            }
            case List<?> list -> {
                out.append('[');
                String separator = "\n";
                for (var item : list) {
                    out.append(separator);
                    spaces(indent + 2);
                    write(item, indent + 2, indent + 2);
                    separator = ",\n";
                }
                closing(indent, ']');
            }
            case null, default -> writeLine(value, Integer.MAX_VALUE);
        }
    }

    /** Writes on one line; false, with a part written, if the text would grow beyond {@code end} characters. */
    private boolean writeLine(@Nullable Object value, int end) {
        switch (value) {
            case null -> out.append("null");
            case String text -> string(text);
            case Boolean flag -> out.append(flag.booleanValue());
            case Integer number -> out.append(number.intValue());
            case Long number -> out.append(number.longValue());
            case Double number -> {
                if (!Double.isFinite(number)) {
                    throw new IllegalArgumentException("JSON has no number " + number);
                }
                out.append(number.doubleValue());
            }
            case Map<?, ?> map -> {
                String separator = "{";
                for (var entry : map.entrySet()) {
                    out.append(separator);
                    string((String) entry.getKey());
                    out.append(": ");
                    if (!writeLine(entry.getValue(), end)) {
                        return false;
                    }
                    separator = ", ";
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (var item : list) {
                    out.append(separator);
                    if (!writeLine(item, end)) {
                        return false;
                    }
                    separator = ", ";
                }
                out.append(list.isEmpty() ? "[]" : "]");
            }
            default ->
                throw new IllegalArgumentException(
                        "JSON has a form for null, strings, booleans, integers, doubles, maps and lists only");
        }
        return out.length() <= end;
    }

    private void closing(int indent, char bracket) {
        out.append('\n');
        spaces(indent);
        out.append(bracket);
    }

    private void spaces(int count) {
        for (int i = 0; i < count; i++) {
            out.append(' ');
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (isUnseen(c)) {
                        out.append("\\u");
                        for (int shift = 12; shift >= 0; shift -= 4) {
                            out.append(Character.forDigit((c >> shift) & 15, 16));
                        }
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /**
     * What would steer a terminal, begin a line or turn the order of characters around where JSON is shown as it is;
     * the module {@code ir} has the same list, which this one does not know, and a test compares the two. Surrogates
     * are among them: a lone one has no UTF-8, and what a pair stands for may be unseen.
     */
    private static boolean isUnseen(char c) {
        return c < 0x20
                || (c >= 0x7f && c <= 0x9f)
                || c == 0x61c
                || c == 0x200b
                || (c >= 0x200e && c <= 0x200f)
                || (c >= 0x2028 && c <= 0x202e)
                || (c >= 0x2060 && c <= 0x206f)
                || Character.isSurrogate(c)
                || c == 0xfeff
                || (c >= 0xfff9 && c <= 0xfffb);
    }
}
