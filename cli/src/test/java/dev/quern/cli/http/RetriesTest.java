package dev.quern.cli.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RetriesTest {
    /** Draws 0 at all times, which makes each pause half as long as it may be. */
    private static final RandomGenerator SHORTEST = () -> 0;

    private static Retries retries(int tries) {
        Patience usual = Patience.USUAL;
        return new Retries(
                new Patience(usual.stall(), tries, usual.firstPause(), usual.longestPause(), usual.longestWish()),
                SHORTEST);
    }

    @Test
    void pausesDoubleUpToTheLongest() {
        Retries retries = retries(9);
        List<Long> halves = new ArrayList<>();
        for (Optional<Duration> pause = retries.after(false, Optional.empty());
                pause.isPresent();
                pause = retries.after(false, Optional.empty())) {
            halves.add(pause.get().toMillis());
        }
        assertEquals(List.of(250L, 500L, 1000L, 2000L, 4000L, 8000L, 8000L, 8000L), halves);
    }

    @Test
    void sixTriesWithoutAByteAreTheLast() {
        Retries retries = retries(Patience.USUAL.tries());
        for (int failure = 1; failure <= 5; failure++) {
            assertTrue(retries.after(false, Optional.empty()).isPresent(), "failure " + failure);
        }
        assertEquals(Optional.empty(), retries.after(false, Optional.empty()));
    }

    @Test
    void aTryThatBroughtBytesDoesNotCount() {
        Retries retries = retries(6);
        for (int success = 1; success <= 100; success++) {
            assertEquals(Optional.of(Duration.ofMillis(250)), retries.after(true, Optional.empty()));
        }
        for (int failure = 1; failure <= 5; failure++) {
            assertTrue(retries.after(false, Optional.empty()).isPresent());
        }
        assertTrue(retries.after(true, Optional.empty()).isPresent());
        for (int failure = 1; failure <= 5; failure++) {
            assertTrue(retries.after(false, Optional.empty()).isPresent());
        }
        assertEquals(Optional.empty(), retries.after(false, Optional.empty()));
    }

    @Test
    void aServersWishIsHeededUpToTheMost() {
        Retries retries = retries(6);
        assertEquals(Optional.of(Duration.ofSeconds(7)), retries.after(false, Optional.of(Duration.ofSeconds(7))));
        assertEquals(Optional.of(Duration.ofMinutes(2)), retries.after(false, Optional.of(Duration.ofHours(1))));
        // Who asks to be asked again at once is not hurried.
        assertEquals(Optional.of(Duration.ofSeconds(1)), retries.after(false, Optional.of(Duration.ZERO)));
    }

    @Test
    void pausesLieBetweenTheHalfAndTheWhole() {
        Random random = new Random(5);
        for (int round = 0; round < 100; round++) {
            Duration pause = new Retries(Patience.USUAL, random)
                    .after(false, Optional.empty())
                    .orElseThrow();
            assertTrue(pause.toMillis() >= 250 && pause.toMillis() <= 500, pause.toString());
        }
    }
}
