package dev.quern.cli.http;

import java.time.Duration;
import java.util.Locale;

/** Times as people read them. */
public final class Durations {
    private static final long MINUTES_FROM = 120;
    private static final long HOURS_FROM = 2 * 3600;
    private static final long DAYS_FROM = 2 * 86_400;

    private Durations() {}

    /**
     * {@code 0.4 s}, {@code 15 s}, {@code 3 min}, {@code 24 h}, {@code 3 days}: rounded up, so that nobody waits longer
     * than is said.
     */
    public static String text(Duration duration) {
        long milliseconds = duration.toMillis();
        if (milliseconds < 1000) {
            return String.format(Locale.ROOT, "%.1f s", Math.ceil(milliseconds / 100.0) / 10);
        }
        long seconds = Math.ceilDiv(milliseconds, 1000L);
        if (seconds <= MINUTES_FROM) {
            return seconds + " s";
        }
        if (seconds <= HOURS_FROM) {
            return Math.ceilDiv(seconds, 60L) + " min";
        }
        return seconds <= DAYS_FROM ? Math.ceilDiv(seconds, 3600L) + " h" : Math.ceilDiv(seconds, 86_400L) + " days";
    }
}
