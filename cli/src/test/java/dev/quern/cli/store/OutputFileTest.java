package dev.quern.cli.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.inspect.LogitsFile;
import dev.quern.cli.ir.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command writes harms nothing that lies there. */
class OutputFileTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"GGUF and more", "PK\u0003\u0004 and more"})
    void modelsAndBundlesAreNotOverwritten(String content) throws IOException {
        Path model = Files.writeString(folder.resolve("model"), content);
        for (Path named : new Path[] {model, Files.createSymbolicLink(folder.resolve("link"), model)}) {
            assertTrue(assertThrows(StoreException.class, () -> TextFile.write(named, "text"))
                    .getMessage()
                    .endsWith(" is a model or a bundle, and is not overwritten. Name another file."));
            assertThrows(StoreException.class, () -> LogitsFile.create(named));
        }
        assertEquals(content, Files.readString(model));
    }

    @Test
    void otherFilesAreReplacedWhereALinkPoints() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "before");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        TextFile.write(link, "text");
        assertEquals("text", Files.readString(file));
        try (LogitsFile logits = LogitsFile.create(link)) {
            logits.row(new float[] {0});
            logits.complete();
        }
        assertArrayEquals(new byte[4], Files.readAllBytes(file));
        assertTrue(Files.isSymbolicLink(link));
    }

    @Test
    void aDeviceStaysWhatItIs() throws IOException {
        Path device = Path.of("/dev/null");
        Assumptions.assumeTrue(Files.exists(device));
        assertFalse(OutputFile.of(device).isPlain());
        TextFile.write(device, "text");
        try (LogitsFile logits = LogitsFile.create(device)) {
            logits.row(new float[] {0});
            logits.complete();
        }
        assertFalse(Files.isRegularFile(device));
    }

    @Test
    void aFolderIsNoFile() {
        assertThrows(StoreException.class, () -> OutputFile.of(folder));
    }
}
