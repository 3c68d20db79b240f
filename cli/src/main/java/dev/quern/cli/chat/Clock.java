package dev.quern.cli.chat;

import dev.quern.text.chat.ChatTime;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;

/** What templates are told that write the date. */
public final class Clock {
    private Clock() {}

    /** The time of this machine, in its own zone. */
    public static ChatTime now() {
        return of(LocalDateTime.now(ZoneId.systemDefault()));
    }

    /**
     * A date, or a date and a time of day, as ISO 8601 has them: {@code 2026-01-02} or {@code 2026-01-02T03:04:05}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ChatTime of(String text) {
        try {
            return of(LocalDateTime.parse(text.contains("T") ? text : text + "T00:00"));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no date; one such as 2026-01-02 or 2026-01-02T03:04:05 is expected.", e);
        }
    }

    private static ChatTime of(LocalDateTime time) {
        return new ChatTime(
                time.getYear(),
                time.getMonthValue(),
                time.getDayOfMonth(),
                time.getHour(),
                time.getMinute(),
                time.getSecond());
    }
}
