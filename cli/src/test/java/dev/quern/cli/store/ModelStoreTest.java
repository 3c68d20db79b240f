package dev.quern.cli.store;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.Quern;
import dev.quern.cli.http.ScriptedServer;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
    void aModelInFilesIsPulledByTheAddressOfAnyOfThem(@TempDir Path folder) throws IOException {
        ModelStore store = store(folder);
        Map<String, byte[]> files =
                Map.of("a b/beads-00001-of-00002.gguf", part("first"), "a b/beads-00002-of-00002.gguf", part("second"));
        try (var server = new FileServer(path -> requireNonNull(files.get(path), path))) {
            String address = server.address("a%20b/beads-00002-of-00002.gguf").toString();
            Path file = store.pull(address, Optional.empty());
            assertEquals("beads-00001-of-00002.gguf", String.valueOf(file.getFileName()));
            assertArrayEquals(part("first"), Files.readAllBytes(file));
            assertArrayEquals(part("second"), Files.readAllBytes(file.resolveSibling("beads-00002-of-00002.gguf")));
            assertEquals(List.of(new ModelStore.Stored("beads", file)), store.stored(), "one model under one name");
            assertEquals(file, store.resolve("beads"));
            assertEquals(
                    part("first").length + part("second").length,
                    store.stored().getFirst().bytes());
            Path other = store.pull(address, Optional.of("other"));
            assertEquals("other-00001-of-00002.gguf", String.valueOf(other.getFileName()));
            Files.delete(other);
            assertEquals(1, store.stored().size(), "what is not all here is no model");
            IOException missing = assertThrows(
                    IOException.class, () -> FileByteSource.open(other.resolveSibling("other-00002-of-00002.gguf")));
            assertTrue(String.valueOf(missing.getMessage()).contains("other-00001-of-00002.gguf"), missing::toString);
        }
    }

    private static byte[] part(String tensor) {
        return new GgufWriter()
                .tensor(tensor, GgufTensorType.F32, List.of((long) tensor.length()), new byte[4 * tensor.length()])
                .toBytes();
    }

    @Test
    void namesOfPartsAreReadStrictly() {
        assertEquals(Optional.of(new ModelParts("a-b", 12)), ModelParts.in("a-b-00003-of-00012.gguf"));
        for (String name : List.of(
                "a.gguf",
                "a-00001-of-00001.gguf",
                "a-00003-of-00002.gguf",
                "a-00000-of-00002.gguf",
                "a-1-of-2.gguf",
                "a-00001-of-00002.gguf.part")) {
            assertEquals(Optional.empty(), ModelParts.in(name), name);
        }
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
    void twoWhoPullOneFileAtOnceFetchItOnce(@TempDir Path folder) throws Exception {
        var begun = new CountDownLatch(1);
        var released = new CountDownLatch(1);
        ScriptedServer.Reply slow = (_, connection) -> {
            begun.countDown();
            await(released);
            ScriptedServer.head(connection.getOutputStream(), 200, MODEL.length);
            connection.getOutputStream().write(MODEL);
        };
        var said = new ByteArrayOutputStream();
        try (var server = new ScriptedServer(slow);
                var both = Executors.newVirtualThreadPerTaskExecutor()) {
            String address = server.address("beads.gguf").toString();
            Future<Path> first = both.submit(() -> store(folder).pull(address, Optional.empty()));
            await(begun);
            Future<Path> second = both.submit(() -> store(folder, said).pull(address, Optional.empty()));
            while (!said.toString(StandardCharsets.UTF_8).contains("another process is fetching it")) {
                Thread.sleep(5);
            }
            released.countDown();
            assertEquals(first.get(5, TimeUnit.SECONDS), second.get(5, TimeUnit.SECONDS));
            assertArrayEquals(MODEL, Files.readAllBytes(first.get()));
            assertEquals(1, server.requests().size());
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            assertTrue(latch.await(5, TimeUnit.SECONDS), "nothing happens");
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aPasswordInAnAddressIsNotIgnored(@TempDir Path folder) {
        StoreException failure = assertThrows(
                StoreException.class,
                () -> store(folder).pull("https://ada:secret@models.example/x.gguf", Optional.empty()));
        assertTrue(failure.getMessage().contains("names a user at models.example"), failure.getMessage());
        assertFalse(failure.getMessage().contains("secret"), failure.getMessage());
    }

    @Test
    void whatBeginsLikeAModelAndIsNoneIsNotKept(@TempDir Path folder) throws IOException {
        try (var server = new FileServer("GGUF and then nothing that fits".getBytes(StandardCharsets.UTF_8))) {
            String address = server.address("beads.gguf").toString();
            StoreException failure =
                    assertThrows(StoreException.class, () -> store(folder).pull(address, Optional.empty()));
            assertTrue(failure.getMessage().contains("is no usable model and was deleted"), failure.getMessage());
        }
        try (var left = Files.list(folder.resolve("models"))) {
            assertEquals(
                    List.of(".locks"),
                    left.map(path -> path.getFileName().toString()).toList());
        }
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
    void controlCharactersOfAnAddressReachNoName(@TempDir Path folder) throws IOException {
        ModelStore store = store(folder);
        try (var server = new FileServer(MODEL)) {
            for (String name : List.of("be%0Aads.gguf", "%1b%5b2Jbeads.gguf", "be%E2%80%AEads.gguf")) {
                String address = server.address(name).toString();
                StoreException failure =
                        assertThrows(StoreException.class, () -> store.pull(address, Optional.empty()), name);
                assertTrue(failure.getMessage().contains("Give one with --as."), failure.getMessage());
                assertTrue(store.pull(address, Optional.of("beads" + name.length()))
                        .toString()
                        .endsWith(".gguf"));
            }
            assertEquals(3, server.ranges().size(), "refused before anything is fetched");
        }
    }

    @Test
    void whatCannotBeRunIsSaidWhenItIsPulled(@TempDir Path folder) throws IOException {
        var said = new ByteArrayOutputStream();
        var stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        var terminal = new Terminal(stream, stream, false, false, false, 80);
        try (var server = new FileServer(MODEL)) {
            int code = Quern.execute(
                    terminal,
                    Map.of("QUERN_CACHE", folder.toString()),
                    List.of("pull", server.address("beads.gguf").toString()));
            assertEquals(0, code, "it was pulled all the same");
        }
        String text = said.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("Quern cannot run it:\n  "), text);
        assertTrue(text.contains("abacus"), text);
    }

    @Test
    void aCacheThatCannotBeWrittenIsAdvisedOn(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        StoreException failure =
                assertThrows(StoreException.class, () -> store(file).pull("smollm2-135m", Optional.empty()));
        assertTrue(failure.getMessage().endsWith(CacheFolder.ADVICE), failure.getMessage());
        Path cache = Files.createDirectory(folder.resolve("cache"));
        Files.writeString(Files.createDirectory(cache.resolve("models")).resolve(".locks"), "no folder");
        failure = assertThrows(StoreException.class, () -> store(cache).pull("smollm2-135m", Optional.empty()));
        assertTrue(failure.getMessage().endsWith(CacheFolder.ADVICE), failure.getMessage());
    }

    @Test
    void namesAreTakenInAnyCase(@TempDir Path folder) throws IOException {
        ModelStore store = store(folder);
        Path models = Files.createDirectories(folder.resolve("models"));
        Path mixed = Files.write(models.resolve("Beads-7B.gguf"), MODEL);
        assertEquals(mixed, store.resolve("beads-7b"));
        assertEquals(mixed, store.resolve("BEADS-7B"));
        Path known = Files.write(models.resolve("smollm2-135m.gguf"), MODEL);
        assertEquals(known, store.resolve("SmolLM2-135M"));
        assertEquals(known, store.pull("SMOLLM2-135m", Optional.empty()));
        Path lower = models.resolve("beads-7b.gguf");
        if (!Files.exists(lower)) {
            Files.write(lower, MODEL);
            assertEquals(lower, store.resolve("beads-7b"), "the very name goes first");
            assertEquals(mixed, store.resolve("Beads-7B"));
        }
    }

    @Test
    void anEmptyNameIsNoneAndNotTheCurrentFolder(@TempDir Path folder) {
        for (String name : List.of("", " ")) {
            String message = "The name of the model is empty. 'quern pull' lists the names.";
            assertEquals(
                    message,
                    assertThrows(StoreException.class, () -> store(folder).resolve(name))
                            .getMessage());
            assertEquals(
                    message,
                    assertThrows(StoreException.class, () -> store(folder).pull(name, Optional.empty()))
                            .getMessage());
        }
    }

    @Test
    void theCatalogueNamesWhatWasPulledFromIt(@TempDir Path folder) throws IOException {
        var cache = new CacheFolder(folder);
        Path known = Files.write(cache.models().resolve("smollm2-135m.gguf"), MODEL);
        Path link = Files.createSymbolicLink(folder.resolve("link.gguf"), known);
        Path other = Files.write(cache.models().resolve("beads.gguf"), MODEL);
        assertEquals(Optional.of("SmolLM2 135M Instruct"), cache.names(known).catalogue());
        assertEquals(Optional.of("SmolLM2 135M Instruct"), cache.names(link).catalogue());
        assertEquals(Optional.empty(), cache.names(other).catalogue());
        assertEquals(Optional.of("beads"), cache.names(other).file());
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
        return store(folder, new ByteArrayOutputStream());
    }

    private static ModelStore store(Path folder, ByteArrayOutputStream said) {
        var stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        var terminal = new Terminal(stream, stream, false, false, false, 80);
        return new ModelStore(new CacheFolder(folder), terminal, Map.of());
    }
}
