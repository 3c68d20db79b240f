package dev.quern.cli.http;

import java.time.Duration;
import java.util.Locale;

/** Times as people read them. */
public final class Durations {
    private static final long MINUTES_FROM = 120;

    private Durations() {}

    /** {@code 0.4 s}, {@code 15 s}, {@code 3 min}: rounded up, so that nobody waits longer than is said. */
    public static String text(Duration duration) {
        long milliseconds = duration.toMillis();
        if (milliseconds < 1000) {
            return String.format(Locale.ROOT, "%.1f s", Math.ceil(milliseconds / 100.0) / 10);
        }
        long seconds = Math.ceilDiv(milliseconds, 1000L);
        return seconds <= MINUTES_FROM ? seconds + " s" : Math.ceilDiv(seconds, 60L) + " min";
    }
}
