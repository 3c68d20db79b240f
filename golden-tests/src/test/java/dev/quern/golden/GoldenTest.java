package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** One test a file, called by its path. */
class GoldenTest {
    @TestFactory
    Stream<DynamicTest> everyFile() {
        List<String> files = Goldens.all();
        assertFalse(files.isEmpty(), "there are no goldens");
        return files.stream().map(path -> DynamicTest.dynamicTest(path, () -> run(path)));
    }

    @AfterAll
    static void blessedIsNotPassed() {
        Goldens.failIfBlessed();
    }

    private static void run(String path) {
        String folder = path.contains("/") ? path.substring(0, path.indexOf('/')) : "";
        switch (folder) {
            case "text" -> TextGolden.run(path);
            case "errors" -> ErrorGolden.run(path);
            case "verify" -> VerifyGolden.run(path);
            case "passes" -> PassGolden.run(path);
            case "memory" -> MemoryGolden.run(path);
            case "layers" -> LayerGolden.run(path);
            case "models" -> ModelGolden.run(path);
            case "kernels" -> KernelGolden.run(path);
            default -> fail("no test reads " + path + "; GoldenTest.run says which folders are read, and by what");
        }
    }
}
