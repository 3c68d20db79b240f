package dev.quern.bundle.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.BundleException;
import dev.quern.plan.SmallPlan;
import dev.quern.plan.bundle.BundleSource;
import dev.quern.plan.bundle.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleFilesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path written(String name) {
        var path = folder.resolve(name);
        try (var writer = BundleFiles.writer(path)) {
            SmallPlan.write(SmallPlan.plan(), "{}", writer);
        }
        return path;
    }

    private List<String> entries() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.quern", "model"})
    void whatWasWrittenIsReadBack(String name) throws IOException {
        var path = written(name);
        try (var source = BundleFiles.source(path)) {
            var reader = BundleFiles.reader(source);
            assertEquals(SmallPlan.plan(), reader.plan("portable"));
            assertEquals(List.of(), reader.verify());
            var bytes = ByteBuffer.allocate(10);
            source.read(Manifest.weightFile(0), 1000, bytes);
            for (int i = 0; i < 10; i++) {
                assertEquals(SmallPlan.weightByte("table", 1000 + i), bytes.get(i));
            }
        }
        assertEquals(List.of(name), entries());
    }

    @Test
    void theZipIsOneThatOthersRead() throws IOException {
        try (var zip = new ZipFile(written("model.quern").toFile())) {
            var entry = zip.getEntry(Manifest.TOKENIZER_FILE);
            try (var content = zip.getInputStream(entry)) {
                assertArrayEquals(new byte[] {'{', '}'}, content.readAllBytes());
            }
            assertEquals(8, zip.size());
        }
    }

    @Test
    void equalModelsGiveEqualZips() throws IOException {
        assertEquals(-1, Files.mismatch(written("one.quern"), written("other.quern")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.quern", "model"})
    void anOlderBundleIsReplaced(String name) throws IOException {
        written(name);
        written(name);
        try (var source = BundleFiles.source(folder.resolve(name))) {
            assertEquals(List.of(), BundleFiles.reader(source).verify());
        }
        assertEquals(List.of(name), entries());
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.quern", "model"})
    void whatFailsLeavesNothingAndKeepsTheOlderBundle(String name) throws IOException {
        written(name);
        assertThrows(IllegalStateException.class, () -> {
            try (var writer = BundleFiles.writer(folder.resolve(name))) {
                var weight = SmallPlan.plan().weights().getFirst();
                writer.weight(weight.name(), weight.segments(), pieces -> {
                    pieces.accept(ByteBuffer.allocate(100));
                    throw new IllegalStateException("the disk of the model has gone");
                });
            }
        });
        assertEquals(List.of(name), entries());
        try (var source = BundleFiles.source(folder.resolve(name))) {
            assertEquals(List.of(), BundleFiles.reader(source).verify());
        }
    }

    @Test
    void aFolderThatIsNoBundleIsNotReplaced() throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve("mine")).resolve("letter.txt"), "dear");
        var problem = assertThrows(BundleException.class, () -> BundleFiles.sink(folder.resolve("mine")));
        assertTrue(String.valueOf(problem.getMessage()).contains("is there already and is no bundle"));
        assertTrue(Files.exists(folder.resolve("mine").resolve("letter.txt")));
    }

    /** A bundle of any version is replaced; what lies beside its files is not. */
    @Test
    void filesThatAreNoPartOfABundleAreNamedAndStay() throws IOException {
        var bundle = written("model");
        var manifest = bundle.resolve(Manifest.FILE);
        Files.writeString(
                manifest, Files.readString(manifest).replace("\"format_version\": 2", "\"format_version\": 1"));
        written("model");
        Files.writeString(bundle.resolve("notes.txt"), "mine");
        Files.writeString(bundle.resolve("weights").resolve("zz.bin"), "mine");
        var problem = assertThrows(BundleException.class, () -> BundleFiles.sink(bundle));
        assertTrue(
                String.valueOf(problem.getMessage())
                        .contains("holds files that are no part of the bundle there (notes.txt, weights/zz.bin)"),
                problem.getMessage());
        Files.delete(bundle.resolve("notes.txt"));
        Files.delete(bundle.resolve("weights").resolve("zz.bin"));
        Files.writeString(manifest, "{\"mine\": true}");
        problem = assertThrows(BundleException.class, () -> BundleFiles.sink(bundle));
        assertTrue(String.valueOf(problem.getMessage()).contains("its manifest.json is no bundle's"));
        assertEquals("{\"mine\": true}", Files.readString(manifest));
    }

    @Test
    void whatComesToLieThereMeanwhileStaysToo() throws IOException {
        var bundle = written("model");
        try (var writer = BundleFiles.writer(bundle)) {
            Files.writeString(bundle.resolve("notes.txt"), "mine");
            assertThrows(BundleException.class, () -> SmallPlan.write(SmallPlan.plan(), "{}", writer));
        }
        assertEquals("mine", Files.readString(bundle.resolve("notes.txt")));
        assertEquals(List.of("model"), entries());
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.quern", "model"})
    void aFolderThatIsNotThereIsNotMade(String name) {
        var problem = assertThrows(
                BundleException.class,
                () -> BundleFiles.sink(folder.resolve("gone").resolve(name)));
        assertTrue(String.valueOf(problem.getMessage()).contains("there is no folder " + folder.resolve("gone")));
        assertFalse(Files.exists(folder.resolve("gone")));
    }

    @Test
    void aFileThatIsNoZipIsNotReplaced() throws IOException {
        var letter = Files.writeString(folder.resolve("letter.quern"), "dear");
        assertThrows(BundleException.class, () -> BundleFiles.sink(letter));
        assertEquals("dear", Files.readString(letter));
    }

    @Test
    void everyTruncationOfAZipIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(written("model.quern"));
        var cut = folder.resolve("cut.quern");
        for (int length = 0; length < whole.length; length += Math.max(1, whole.length / 200)) {
            Files.write(cut, Arrays.copyOf(whole, length));
            var problem = assertThrows(BundleException.class, () -> {
                try (var source = BundleFiles.source(cut)) {
                    BundleFiles.reader(source);
                }
            });
            assertTrue(String.valueOf(problem.getMessage()).contains("it has no zip directory at its end"));
        }
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        var path = written("model");
        var weights = path.resolve(Manifest.weightFile(0));
        Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 1000));
        try (BundleSource source = BundleFiles.source(path)) {
            var problem = assertThrows(BundleException.class, () -> BundleFiles.reader(source));
            assertTrue(String.valueOf(problem.getMessage())
                    .contains("weights/000.bin has 1000 bytes, but the manifest says "));
        }
    }

    @Test
    void aCompressedZipIsRefused() throws IOException {
        var path = folder.resolve("packed.quern");
        try (var zip = new ZipOutputStream(Files.newOutputStream(path))) {
            zip.putNextEntry(new java.util.zip.ZipEntry(Manifest.FILE));
            zip.write(new byte[100]);
            zip.closeEntry();
        }
        var problem = assertThrows(BundleException.class, () -> BundleFiles.source(path));
        assertTrue(String.valueOf(problem.getMessage()).contains("manifest.json is compressed"));
    }

    /** Offsets beyond 4 GiB, which no test can write: the records alone. */
    @Test
    void farOffsetsStandInWideFields() {
        var entry = new ZipEntry("weights/099.bin", 5L << 30, 64 << 20, 7);
        var header = entry.directoryHeader();
        assertEquals((int) ZipEntry.ELSEWHERE, header.getInt(42));
        int extra = ZipEntry.DIRECTORY_BYTES + "weights/099.bin".length();
        assertEquals(1, header.getShort(extra));
        assertEquals(5L << 30, header.getLong(extra + 4));
        var end = ZipEntry.end(100, 6L << 30, (6L << 30) + 5000);
        assertEquals(ZipEntry.END64_SIGNATURE, end.getInt(0));
        assertEquals(6L << 30, end.getLong(48));
        assertEquals(ZipEntry.LOCATOR64_SIGNATURE, end.getInt(56));
        assertEquals((6L << 30) + 5000, end.getLong(64));
        assertEquals(ZipEntry.END_SIGNATURE, end.getInt(76));
    }
}
