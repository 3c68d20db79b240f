package dev.quern.cli.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The header {@code Retry-After}: seconds, or the date from which on a server wants to be asked again. */
final class RetryAfter {
    private static final int MOST_DIGITS = 9;

    private RetryAfter() {}

    /**
     * How long to wait; nothing where the header is neither.
     *
     * @param served the answer's {@code Date}, by which its other dates are read: clocks differ
     * @param now by this machine's clock, where the answer has no date
     */
    static Optional<Duration> parse(String text, Optional<String> served, Instant now) {
        String stripped = text.strip();
        if (!stripped.isEmpty()
                && stripped.length() <= MOST_DIGITS
                && stripped.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.of(Duration.ofSeconds(Integer.parseInt(stripped)));
        }
        return date(stripped).map(until -> {
            Duration wait = Duration.between(served.flatMap(RetryAfter::date).orElse(now), until);
            return wait.isNegative() ? Duration.ZERO : wait;
        });
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip(), Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
