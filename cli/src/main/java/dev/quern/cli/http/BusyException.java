package dev.quern.cli.http;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** A server that cannot answer now, and may a little later. */
public final class BusyException extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Optional<Duration> wish;

    private BusyException(int status, Optional<Duration> wish) {
        super("the server answers with HTTP " + status);
        this.status = status;
        this.wish = wish;
    }

    /** Whether an answer with this status says that it is worth asking again. */
    public static boolean means(int status) {
        return switch (status) {
            case 429, 500, 502, 503, 504 -> true;
            default -> false;
        };
    }

    /** What such an answer says. */
    public static BusyException of(Answer answer, InstantSource clock) {
        Optional<Duration> wish = answer.header("Retry-After")
                .flatMap(text -> RetryAfter.parse(text, answer.header("Date"), clock.instant()));
        return new BusyException(answer.status(), wish);
    }

    public int status() {
        return status;
    }

    /** How long the server asks to be left alone. */
    public Optional<Duration> wish() {
        return wish;
    }
}
