package dev.quern.cli.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.inspect.LogitsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
            assertTrue(assertThrows(StoreException.class, () -> OutputFile.write(named, "text"))
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
        OutputFile.write(link, "text");
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
        OutputFile.write(device, "text");
        try (LogitsFile logits = LogitsFile.create(device)) {
            logits.row(new float[] {0});
            logits.complete();
        }
        assertFalse(Files.isRegularFile(device));
    }

    @Test
    void whatFailsHalfwayLeavesNothingAndKeepsTheOlderFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "before");
        assertThrows(IllegalStateException.class, () -> {
            try (StagedFile staged = StagedFile.begin(file)) {
                staged.write(ByteBuffer.wrap(new byte[100]));
                throw new IllegalStateException("the device has gone");
            }
        });
        assertEquals("before", Files.readString(file));
        try (LogitsFile logits = LogitsFile.create(file)) {
            logits.row(new float[] {1, 2});
        }
        assertEquals("before", Files.readString(file), "it was not complete");
        try (var left = Files.list(folder)) {
            assertEquals(List.of(file), left.toList(), "nothing temporary is left");
        }
    }

    @Test
    void aFullDeviceIsNamed() {
        Path device = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(device));
        String message = assertThrows(StoreException.class, () -> OutputFile.write(device, "text"))
                .getMessage();
        assertTrue(message.startsWith("/dev/full cannot be written: "), message);
    }

    @Test
    void aFolderThatIsNotThereIsNotMade() {
        Path file = folder.resolve("gone").resolve("file");
        String message = assertThrows(StoreException.class, () -> OutputFile.write(file, "text"))
                .getMessage();
        assertEquals(
                file + " cannot be written: there is no folder " + folder.resolve("gone")
                        + ". Make it, or name another place.",
                message);
        assertThrows(StoreException.class, () -> LogitsFile.create(file));
        assertFalse(Files.exists(folder.resolve("gone")));
    }

    @Test
    void aFolderIsNoFile() {
        assertThrows(StoreException.class, () -> OutputFile.of(folder));
    }
}
