package dev.quern.cli.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.terminal.Progress;
import dev.quern.cli.terminal.Terminal;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
    private static final byte[] MODEL = new GgufWriter()
            .string("general.architecture", "abacus")
            .tensor("beads", GgufTensorType.F32, List.of(16L), new byte[64])
            .toBytes();

    @Test
    void anAddressIsPulledOnceAndThenHasAName(@TempDir Path folder) throws IOException {
        ModelStore store = store(folder);
        try (var server = new FileServer(MODEL)) {
            String address = server.address("beads.gguf").toString();
            Path file = store.pull(address, Optional.empty());
            assertArrayEquals(MODEL, Files.readAllBytes(file));
            assertEquals(file, store.pull(address, Optional.empty()));
            assertEquals(1, server.ranges().size(), "fetched once");
            assertEquals(file, store.resolve("beads"));
            assertEquals(file, store.resolve(address));
            String hash = Sha256.of(file, Progress.NONE);
            assertEquals(file, store.pull(address + "#sha256=" + hash, Optional.empty()));
            assertThrows(
                    StoreException.class, () -> store.pull(address + "#sha256=" + "0".repeat(64), Optional.empty()));
        }
    }

    @Test
    void twoFilesOfOneNameAreToldApart(@TempDir Path folder) throws IOException {
        ModelStore store = store(folder);
        try (var server = new FileServer(MODEL)) {
            store.pull(server.address("one/beads.gguf").toString(), Optional.empty());
            String other = server.address("two/beads.gguf").toString();
            StoreException failure = assertThrows(StoreException.class, () -> store.pull(other, Optional.empty()));
            assertTrue(failure.getMessage().contains("--as"), failure.getMessage());
            store.pull(other, Optional.of("second"));
        }
        assertEquals(
                List.of("beads", "second"),
                store.stored().stream().map(ModelStore.Stored::name).toList());
    }

    @Test
    void aPageInPlaceOfAModelIsNotKept(@TempDir Path folder) throws IOException {
        ModelStore store = store(folder);
        try (var server = new FileServer("<html>Please log in.</html>".getBytes(StandardCharsets.UTF_8))) {
            String address = server.address("beads.gguf").toString();
            StoreException failure = assertThrows(StoreException.class, () -> store.pull(address, Optional.empty()));
            assertTrue(failure.getMessage().contains("web page"), failure.getMessage());
        }
        assertTrue(store.stored().isEmpty());
    }

    @Test
    void namesThatWouldLeaveTheStoreAreRefused(@TempDir Path folder) throws IOException {
        ModelStore store = store(folder);
        try (var server = new FileServer(MODEL)) {
            String address = server.address("beads.gguf").toString();
            for (String name : List.of("../up", "a/b", ".hidden", "a\\b")) {
                assertThrows(StoreException.class, () -> store.pull(address, Optional.of(name)), name);
            }
        }
    }

    @Test
    void theCacheIsWhereTheEnvironmentSays() {
        assertEquals(
                Path.of("/q"),
                CacheFolder.of(Map.of("QUERN_CACHE", "/q", "HOME", "/h")).root());
        assertEquals(
                Path.of("/x/quern"),
                CacheFolder.of(Map.of("XDG_CACHE_HOME", "/x", "HOME", "/h")).root());
        assertEquals(
                Path.of("/h/.cache/quern"), CacheFolder.of(Map.of("HOME", "/h")).root());
    }

    @Test
    void aMappedFileReadsWithinItsBounds(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("bytes"), new byte[] {1, 2, 3, 4, 5});
        try (FileByteSource source = FileByteSource.open(file)) {
            byte[] target = new byte[4];
            source.read(2, target, 1, 3);
            assertArrayEquals(new byte[] {0, 3, 4, 5}, target);
            assertEquals(5, source.size());
            assertThrows(IOException.class, () -> source.read(3, target, 0, 3));
            assertThrows(IndexOutOfBoundsException.class, () -> source.read(0, target, 2, 3));
        }
        Path empty = Files.createFile(folder.resolve("empty"));
        try (FileByteSource source = FileByteSource.open(empty)) {
            assertEquals(0, source.size());
        }
    }

    private static ModelStore store(Path folder) {
        var stream = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        var terminal = new Terminal(stream, stream, false, false, false, 80);
        return new ModelStore(new CacheFolder(folder), terminal, new Download(1, Duration.ofMillis(1)));
    }
}
