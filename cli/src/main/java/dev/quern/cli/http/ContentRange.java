package dev.quern.cli.http;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which part of a file an answer holds: the header {@code Content-Range: bytes START-END/TOTAL}.
 *
 * @param start offset of the first byte
 * @param end offset behind the last one
 * @param total bytes of the whole file, if the server tells
 */
public record ContentRange(long start, long end, OptionalLong total) {
    private static final String UNIT = "bytes ";

    /** The part that the answer names; nothing where it names none or says it wrongly. */
    public static Optional<ContentRange> of(Answer answer) {
        return answer.header("Content-Range").flatMap(ContentRange::parse);
    }

    /** The whole file's length, out of the {@code bytes *}{@code /TOTAL} of an answer that holds no part. */
    public static OptionalLong totalOf(Answer answer) {
        String text = answer.header("Content-Range").orElse("").strip();
        return text.startsWith(UNIT + "*/") ? number(text.substring(UNIT.length() + 2)) : OptionalLong.empty();
    }

    static Optional<ContentRange> parse(String header) {
        String text = header.strip();
        int dash = text.indexOf('-');
        int slash = text.indexOf('/');
        if (!text.startsWith(UNIT) || dash < 0 || slash < dash) {
            return Optional.empty();
        }
        OptionalLong start = number(text.substring(UNIT.length(), dash));
        OptionalLong last = number(text.substring(dash + 1, slash));
        String whole = text.substring(slash + 1).strip();
        OptionalLong total = number(whole);
        boolean wrong = start.isEmpty()
                || last.isEmpty()
                || last.getAsLong() < start.getAsLong()
                || (total.isEmpty() && !whole.equals("*"))
                || (total.isPresent() && last.getAsLong() >= total.getAsLong());
        return wrong ? Optional.empty() : Optional.of(new ContentRange(start.getAsLong(), last.getAsLong() + 1, total));
    }

    private static OptionalLong number(String text) {
        String digits = text.strip();
        boolean plain =
                !digits.isEmpty() && digits.length() <= 18 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return plain ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }
}
