package dev.quern.cli.http;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides after each failed try whether there is another, and when. Tries that brought something further do not count.
 */
public final class Retries {
    private static final int MOST_DOUBLINGS = 20;

    private final Patience patience;
    private final RandomGenerator random;
    private int fruitless;

    /**
     * @param random shortens pauses by up to a half, so that many who wait do not come back at one moment
     */
    public Retries(Patience patience, RandomGenerator random) {
        this.patience = patience;
        this.random = random;
    }

    /**
     * The pause before the next try; nothing when it is time to give up.
     *
     * @param further whether the try that failed brought anything that the next one builds on
     * @param wish how long the server asks to be left alone
     */
    public Optional<Duration> after(boolean further, Optional<Duration> wish) {
        fruitless = further ? 0 : fruitless + 1;
        if (fruitless >= patience.tries()) {
            return Optional.empty();
        }
        Duration own = pause();
        return Optional.of(
                wish.map(this::capped).filter(asked -> asked.compareTo(own) > 0).orElse(own));
    }

    private Duration pause() {
        int doublings = Math.clamp(fruitless - 1L, 0, MOST_DOUBLINGS);
        Duration full = patience.firstPause().multipliedBy(1L << doublings);
        Duration most = full.compareTo(patience.longestPause()) < 0 ? full : patience.longestPause();
        return Duration.ofNanos((long) (most.toNanos() * (0.5 + 0.5 * random.nextDouble())));
    }

    private Duration capped(Duration asked) {
        return asked.compareTo(patience.longestWish()) < 0 ? asked : patience.longestWish();
    }

    /** How many tries in a row have brought nothing. */
    public int fruitless() {
        return fruitless;
    }
}
