package dev.quern.cli.http;

import java.time.Duration;

/**
 * How long a server is waited for, and how often it is asked again.
 *
 * @param stall the silence after which a connection is given up
 * @param tries how many may bring nothing, one after the other
 * @param firstPause before the second try; each further pause is twice as long
 * @param longestPause what the pauses grow to
 * @param longestWish the most that a server may ask to wait
 */
public record Patience(Duration stall, int tries, Duration firstPause, Duration longestPause, Duration longestWish) {
    /** The numbers of docs/downloads.md, which the page shares. */
    public static final Patience USUAL = new Patience(
            Duration.ofSeconds(15), 6, Duration.ofMillis(500), Duration.ofSeconds(16), Duration.ofSeconds(120));

    /**
     * Whether a server asks to be left alone for longer than it is waited for in all: asking again before that would
     * only annoy it.
     */
    public boolean isExceededBy(Duration wish) {
        return wish.compareTo(longestWish.multipliedBy(tries)) > 0;
    }

    public Patience {
        if (tries < 1) {
            throw new IllegalArgumentException("tries: " + tries);
        }
    }
}
