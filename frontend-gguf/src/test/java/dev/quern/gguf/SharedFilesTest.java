package dev.quern.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.quern.gguf.architecture.Checks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files from elsewhere, where they are at hand. */
class SharedFilesTest {
    @Test
    void readsModels() throws IOException {
        List<Path> models = SharedFiles.in("models", ".gguf");
        assumeFalse(models.isEmpty(), "no model files lie in ../shared/models");
        for (Path path : models) {
            try (var source = new RandomAccessSource(path)) {
                GgufFile file = GgufReader.read(source);
                assertEquals(List.of(), file.warnings(), path.toString());
                assertEquals("llama", file.metadata().requireString("general.architecture"));
                assertEquals(48, file.tensors().size());
                assertEquals(List.of(), Checks.findings(source, true), path.toString());
            }
        }
    }
}
