package dev.quern.cli.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.bundle.files.Sha256;
import dev.quern.plan.BundleException;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.bundle.BundleReader;
import dev.quern.plan.bundle.BundleSource;
import dev.quern.plan.bundle.Digest;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.SamplingAdvice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifiedFilesTest {
    private static final String TEXT = Manifest.TOKENIZER_FILE;

    /** So late that every change of the tests is long ago. */
    private static final InstantSource LATER = InstantSource.offset(InstantSource.system(), Duration.ofMinutes(1));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private int digests;

    @BeforeEach
    void bundle() throws IOException {
        Path bundle = Files.createDirectories(folder.resolve("bundle"));
        Files.writeString(bundle.resolve(TEXT), "{\"a\": 1}");
        settle();
    }

    /** Lets the file system's clock move on, which counts in milliseconds. */
    private static void settle() {
        LockSupport.parkNanos(30_000_000);
    }

    private Path file() {
        return folder.resolve("bundle").resolve(TEXT);
    }

    private CacheFolder cache() {
        return new CacheFolder(folder.resolve("cache"));
    }

    private VerifiedFiles account(boolean insist) throws IOException {
        return VerifiedFiles.of(cache(), folder.resolve("bundle"), insist, LATER);
    }

    private Manifest.FileEntry entry(String text) {
        Digest digest = new Sha256();
        digest.update(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return new Manifest.FileEntry(TEXT, text.length(), digest.finishHex());
    }

    private void remember(Manifest.FileEntry entry) throws IOException {
        VerifiedFiles account = account(false);
        account.begin(entry);
        account.verified(entry);
        account.save();
    }

    @Test
    void aFileThatWasVerifiedIsKnownNextTime() throws IOException {
        var entry = entry("{\"a\": 1}");
        assertFalse(account(false).holds(entry));
        remember(entry);
        assertTrue(account(false).holds(entry));
        assertFalse(account(true).holds(entry), "--verify insists");
    }

    @Test
    void aFileOfTheSameSizeAndTimeIsNotTheSameFile() throws IOException {
        var entry = entry("{\"a\": 1}");
        FileTime before = Files.getLastModifiedTime(file());
        remember(entry);
        Files.writeString(file(), "{\"a\": 2}");
        Files.setLastModifiedTime(file(), before);
        assertFalse(account(false).holds(entry), "the time of the change itself tells");
    }

    @Test
    void aFileThatTookTheOthersPlaceIsNotTheSameFile() throws IOException {
        var entry = entry("{\"a\": 1}");
        remember(entry);
        Path other = Files.writeString(folder.resolve("other"), "{\"a\": 2}");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file()));
        Files.move(other, file(), StandardCopyOption.REPLACE_EXISTING);
        assertFalse(account(false).holds(entry));
    }

    @Test
    void anotherHashInTheManifestIsNotKnown() throws IOException {
        remember(entry("{\"a\": 1}"));
        assertFalse(account(false).holds(entry("{\"a\": 2}")));
    }

    @Test
    void whatChangedWhileItWasReadIsNotKept() throws IOException {
        var entry = entry("{\"a\": 1}");
        VerifiedFiles account = account(false);
        account.begin(entry);
        Files.writeString(file(), "{\"a\": 2}");
        settle();
        account.verified(entry);
        account.save();
        assertFalse(account(false).holds(entry));
    }

    @Test
    void whatChangedJustNowIsNotKept() throws IOException {
        var entry = entry("{\"a\": 1}");
        VerifiedFiles account = VerifiedFiles.of(cache(), folder.resolve("bundle"), false, InstantSource.system());
        account.begin(entry);
        account.verified(entry);
        account.save();
        assertFalse(account(false).holds(entry), "another change might not show in its time");
    }

    @Test
    void anAccountThatIsUnreadableOrCannotBeWrittenOnlyCostsTime() throws IOException {
        var entry = entry("{\"a\": 1}");
        remember(entry);
        Path cache = folder.resolve("cache").resolve(VerifiedFiles.FOLDER);
        try (var accounts = Files.list(cache)) {
            Files.writeString(accounts.findFirst().orElseThrow(), "quern verified files 9\nnonsense\n\n\n");
        }
        assertFalse(account(false).holds(entry));
        Staging.deleteAll(cache);
        Files.writeString(cache, "a file where the folder belongs");
        remember(entry);
        assertFalse(account(false).holds(entry));
        assertEquals("a file where the folder belongs", Files.readString(cache));
    }

    /** The whole way: a reader hashes once, and finds damage that comes later. */
    @Test
    void aReaderHashesOnceAndFindsLaterDamage() throws IOException {
        Path path = folder.resolve("written");
        try (var writer = BundleFiles.writer(path)) {
            writer.text(TEXT, "{}");
            writer.finish(new Manifest.Model(
                    "name", "llama", "f32", 1, 1, 1, 1, 1, 1, 1, 1, CacheEncoding.F16, SamplingAdvice.NONE));
        }
        settle();
        assertEquals(1, hashed(path));
        assertEquals(0, hashed(path));
        Files.writeString(path.resolve(TEXT), "[]");
        BundleException problem = assertThrows(BundleException.class, () -> hashed(path));
        assertTrue(String.valueOf(problem.getMessage()).contains(TEXT + " is damaged"), problem.getMessage());
    }

    /** Reads a bundle's text as a start does; how many files were hashed. */
    private int hashed(Path path) throws IOException {
        digests = 0;
        VerifiedFiles known = VerifiedFiles.of(cache(), path, false, LATER);
        try (BundleSource source = BundleFiles.source(path)) {
            BundleReader reader = BundleReader.open(
                    source,
                    () -> {
                        digests++;
                        return new Sha256();
                    },
                    known);
            reader.text(TEXT);
            known.save();
            assertEquals(List.of(), reader.verify(), "verifying asks no account");
            return digests - reader.manifest().files().size();
        }
    }

    @Test
    void theIdentityOfAFileIsOneWord() {
        String text = FileIdentity.of(file()).orElseThrow().text();
        assertFalse(text.contains(" "), text);
        assertTrue(FileIdentity.of(folder.resolve("none")).isEmpty());
        assertTrue(FileIdentity.of(file()).orElseThrow().isSettled(Instant.now().plusSeconds(10)));
    }
}
