package dev.quern.cli.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");

    @Test
    void seconds() {
        assertEquals(Optional.of(Duration.ofSeconds(7)), RetryAfter.parse(" 7 ", Optional.empty(), NOW));
        assertEquals(Optional.of(Duration.ZERO), RetryAfter.parse("0", Optional.empty(), NOW));
    }

    @Test
    void aDateByThisMachinesClock() {
        assertEquals(
                Optional.of(Duration.ofSeconds(30)),
                RetryAfter.parse("Mon, 30 Nov 2026 10:00:30 GMT", Optional.empty(), NOW));
    }

    @Test
    void aDateByTheServersClockWhereItTells() {
        Optional<String> served = Optional.of("Mon, 30 Nov 2026 11:59:50 GMT");
        assertEquals(
                Optional.of(Duration.ofSeconds(10)), RetryAfter.parse("Mon, 30 Nov 2026 12:00:00 GMT", served, NOW));
    }

    @Test
    void aDateThatHasPassedIsNow() {
        assertEquals(
                Optional.of(Duration.ZERO), RetryAfter.parse("Sun, 29 Nov 2026 10:00:00 GMT", Optional.empty(), NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1.5", "99999999999999999999", "2026-11-30"})
    void whatIsNeitherSaysNothing(String text) {
        assertEquals(Optional.empty(), RetryAfter.parse(text, Optional.empty(), NOW));
    }
}
