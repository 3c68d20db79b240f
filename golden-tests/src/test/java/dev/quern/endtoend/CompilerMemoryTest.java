package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.DeviceProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The compiler needs little memory, however large the model is. */
class CompilerMemoryTest {
    private static final int ROWS_OF_A_TILE = 8;

    @Test
    void weightsAreStreamedATileAtATime() throws IOException, InterruptedException {
        HugeModelCompilation.Outcome outcome = compile(DeviceProfile.CPU_VULKAN, "-Xmx64m");
        assertTrue(outcome.modelBytes() > 400L << 20, () -> "the model is not huge: " + outcome);
        assertEquals(outcome.weightBytes(), outcome.writtenBytes(), () -> "bytes written: " + outcome);
        assertTrue(
                outcome.largestRead() <= HugeModelCompilation.longestRow(),
                () -> "more than a row was read at once: " + outcome);
        assertTrue(
                outcome.largestPiece() <= ROWS_OF_A_TILE * HugeModelCompilation.longestRow(),
                () -> "more than a tile was written at once: " + outcome);
    }

    /** Runs the compilation in a JVM of its own, whose heap is limited. */
    private static HugeModelCompilation.Outcome compile(DeviceProfile profile, String heap)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        heap,
                        "-cp",
                        System.getProperty("java.class.path"),
                        HugeModelCompilation.class.getName(),
                        profile.name()))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> "compiling with " + heap + " failed:\n" + printed);
        return HugeModelCompilation.Outcome.parse(printed);
    }
}
