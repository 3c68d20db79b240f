package dev.quern.cli.http;

import java.io.IOException;
import java.time.Duration;

/** A server that has sent nothing for too long. The message is a phrase: {@code no data for 15 s}. */
public final class StalledException extends IOException {
    private static final long serialVersionUID = 1;

    StalledException(Duration silence) {
        super("no data for " + Durations.text(silence));
    }
}
