package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class NumbersTest {
    @Test
    void sizesHaveUnits() {
        assertEquals(4096, Numbers.bytes("4096"));
        assertEquals(4096, Numbers.bytes("4096B"));
        assertEquals(128L << 20, Numbers.bytes("128MiB"));
        assertEquals(128L << 20, Numbers.bytes("128 MiB"));
        assertEquals(1_500_000_000, Numbers.bytes("1.5GB"));
    }

    @Test
    void whatIsNoSizeIsRefused() {
        for (String text : List.of("", "MiB", "0", "-1", "1.2.3MB", "5 apples", "1e9", "99999999999GiB")) {
            TypeConversionException refusal =
                    assertThrows(TypeConversionException.class, () -> Numbers.bytes(text), text);
            assertEquals(
                    "'" + text
                            + "' is no size; a number with B, kB, MB, GB, KiB, MiB or GiB is expected, such as 128MiB",
                    refusal.getMessage());
        }
    }
}
