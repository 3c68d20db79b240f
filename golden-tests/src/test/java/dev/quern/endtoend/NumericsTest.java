package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quern.reference.RandomBlocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The page of measured errors leaves no encoding out. Its numbers are measured by {@code scripts/numerics}, not here.
 */
class NumericsTest {
    private static final Path PAGE = Path.of("..", "docs", "numerics.md");

    @Test
    void everyEncodingStandsInBothTables() throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        for (String encoding :
                RandomBlocks.encodings().stream().map(each -> each.text()).toList()) {
            long rows = lines.stream()
                    .filter(line -> line.startsWith("| `" + encoding + "` |"))
                    .count();
            assertEquals(
                    2,
                    rows,
                    () -> "rows for " + encoding + " in " + PAGE + "; run scripts/numerics -o docs/numerics.md");
        }
    }

    @Test
    void nothingFailed() throws IOException {
        assertFalse(Files.readString(PAGE).contains("FAIL"), "an encoding is not within its limits");
    }
}
