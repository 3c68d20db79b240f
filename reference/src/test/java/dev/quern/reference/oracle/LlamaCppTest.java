package dev.quern.reference.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.reference.Numerics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bridge gives the numbers that a C program linked against the same library gave. */
class LlamaCppTest {
    /** "Once upon a time". */
    private static final int[] PROMPT = {1, 403, 407, 261, 378};

    @Test
    void theLogitsAreThoseOfTheLibrary() {
        try (LlamaCpp model = LlamaCpp.open(stories(), 64)) {
            assertEquals(512, model.vocabulary());
            List<float[]> rows = model.logits(PROMPT);
            assertEquals(PROMPT.length, rows.size());
            float[] last = rows.getLast();
            assertArrayEquals(
                    new float[] {-10.136578f, -5.329462f, -10.138084f}, Arrays.copyOf(last, 3), 5e-6f, "first logits");
            assertEquals(432, Numerics.argMax(last));
            assertEquals(17.799397f, last[432], 5e-6f);
        }
    }

    @Test
    void aRowDependsOnlyOnTheTokensBeforeIt() {
        try (LlamaCpp model = LlamaCpp.open(stories(), 64)) {
            List<float[]> all = model.logits(PROMPT);
            for (int count = 1; count <= PROMPT.length; count++) {
                float[] alone = model.logits(Arrays.copyOf(PROMPT, count)).getLast();
                assertTrue(Numerics.nmse(alone, all.get(count - 1)) < 1e-10, "after " + count + " tokens");
            }
        }
    }

    @Test
    void theGreedyContinuationIsTheOneOnRecord() {
        try (LlamaCpp model = LlamaCpp.open(stories(), 64)) {
            assertEquals(List.of(432, 383, 286, 261, 376, 298, 315, 421, 395, 317), model.greedy(PROMPT, 10));
        }
    }

    @Test
    void whatIsNoModelIsRefusedWithItsName(@TempDir Path folder) throws IOException {
        LlamaCpp.require();
        Path file = Files.writeString(folder.resolve("not-a-model.gguf"), "nothing of the kind");
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> LlamaCpp.open(file, 8).close());
        assertTrue(String.valueOf(refusal.getMessage()).contains("not-a-model.gguf"), refusal.getMessage());
    }

    private static Path stories() {
        Path file = OracleFolder.checkout().resolveSibling("shared/models/stories260K-f32.gguf");
        Assumptions.assumeTrue(Files.exists(file), "the model stories260K-f32.gguf does not lie beside this checkout");
        return file;
    }
}
