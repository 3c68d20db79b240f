package dev.quern.cli.tokens;

import dev.quern.plan.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Ids of tokens as text. */
public final class TokenIds {
    private final String input;
    private int[] ids = new int[64];
    private int count;

    private TokenIds(String input) {
        this.input = input;
    }

    /**
     * Reads ids: numbers with blanks, commas or line ends between them, JSON arrays of numbers, or the object that
     * {@code quern tokenize --json} prints.
     *
     * @param where what is read, for messages
     * @throws IllegalArgumentException if something else stands there
     */
    public static int[] read(String where, byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        if (text.stripLeading().startsWith("{")) {
            return JsonValue.parse(where, text).field("tokens").list().stream()
                    .mapToInt(id -> (int) id.whole(0, Integer.MAX_VALUE))
                    .toArray();
        }
        return new TokenIds(text).scan(where);
    }

    private int[] scan(String where) {
        boolean inArray = false;
        for (int at = 0; at < input.length(); ) {
            char unit = input.charAt(at);
            if (unit == '[' && !inArray) {
                inArray = true;
                at++;
            } else if (unit == ']' && inArray) {
                inArray = false;
                at++;
            } else if (isBetween(unit)) {
                at++;
            } else {
                int end = at;
                while (end < input.length() && !isBetween(input.charAt(end)) && !isBracket(input.charAt(end))) {
                    end++;
                }
                add(number(where, at, Math.max(end, at + 1)));
                at = end;
            }
        }
        if (inArray) {
            throw new IllegalArgumentException(where + ": an array of ids is not closed; ']' is expected at the end.");
        }
        return Arrays.copyOf(ids, count);
    }

    private int number(String where, int start, int end) {
        String text = input.substring(start, end);
        if (text.chars().allMatch(unit -> unit >= '0' && unit <= '9')) {
            try {
                return Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw wrong(where, start, text + " is too large for the id of a token.");
            }
        }
        throw wrong(
                where,
                start,
                "'" + (text.length() > 20 ? text.substring(0, 20) + "…" : text)
                        + "' is not the id of a token; numbers are expected, with blanks or commas between them, or an"
                        + " array of numbers.");
    }

    private IllegalArgumentException wrong(String where, int at, String what) {
        long line = input.substring(0, at).chars().filter(unit -> unit == '\n').count() + 1;
        int column = at - input.lastIndexOf('\n', at - 1);
        return new IllegalArgumentException(where + ", line " + line + ", column " + column + ": " + what);
    }

    private void add(int id) {
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, 2 * count);
        }
        ids[count++] = id;
    }

    private static boolean isBetween(char unit) {
        return unit == ' ' || unit == ',' || unit == '\n' || unit == '\t' || unit == '\r';
    }

    private static boolean isBracket(char unit) {
        return unit == '[' || unit == ']';
    }

    /** Appends ids with something between them. */
    public static void print(int[] ids, String between, StringBuilder target) {
        for (int at = 0; at < ids.length; at++) {
            target.append(at == 0 ? "" : between).append(ids[at]);
        }
    }
}
