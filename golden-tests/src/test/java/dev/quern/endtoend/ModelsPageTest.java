package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.architecture.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of families and models leaves none out. Its numbers are measured by {@code scripts/models}, not here. */
class ModelsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "models.md");

    @Test
    void everyFamilyHasRightAnswersAndDispatches() throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        for (String family : Architectures.names()) {
            long rows = lines.stream()
                    .filter(line -> line.startsWith("| `" + family + "` |"))
                    .count();
            assertTrue(
                    rows >= 2, () -> "rows for " + family + " in " + PAGE + "; run scripts/models -o docs/models.md");
        }
    }

    @Test
    void noCellIsBlank() throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        int tables = lines.indexOf("## Right answers");
        assertTrue(tables > 0, () -> PAGE + " has no answers");
        lines.subList(tables, lines.size())
                .forEach(line -> assertFalse(line.contains("|  |") || line.contains("NaN"), line));
    }
}
