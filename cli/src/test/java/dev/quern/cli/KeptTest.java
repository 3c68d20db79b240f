package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.CommandLineFixture.Outcome;
import dev.quern.cli.bundle.BundleCache;
import dev.quern.cli.bundle.BundleNote;
import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.terminal.Terminal;
import dev.quern.compiler.CompileOptions;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.DeviceProfile.Limits;
import dev.quern.plan.bundle.BundleSource;
import dev.quern.plan.bundle.Manifest;
import dev.quern.runtime.DeviceInfo;
import dev.quern.runtime.ProfileMatcher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the cache keeps is listed and removed, and nothing else. */
class KeptTest {
    private static final CompileOptions SMALL =
            CompileOptions.of(DeviceProfile.PORTABLE).withContext(32);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path model = Path.of("");

    @BeforeEach
    void pull() throws IOException {
        model = cache().models().resolve("Tiny.gguf");
        Files.write(model, TrainingRun.model());
    }

    private CacheFolder cache() {
        return new CacheFolder(folder.resolve("cache"));
    }

    private Outcome quern(String... arguments) {
        return new CommandLineFixture(folder.resolve("cache")).run(arguments);
    }

    private Path compile(CompileOptions options) {
        return bundles().bundle(model, options);
    }

    private BundleCache bundles() {
        var nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new BundleCache(cache(), new Terminal(nowhere, nowhere, false, false, false, 80));
    }

    private static Object node(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    @Test
    void anotherContextAndAnotherEncodingKeepNoOtherCopyOfTheWeights() throws IOException {
        Path first = compile(SMALL);
        Path longer = compile(SMALL.withContext(64));
        Path wider = compile(SMALL.withCache(CacheEncoding.F32));
        Path other = compile(CompileOptions.of(DeviceProfile.CPU_VULKAN).withContext(32));
        String weights = Manifest.weightFile(0);
        for (Path bundle : new Path[] {longer, wider, other}) {
            assertEquals(node(first.resolve(weights)), node(bundle.resolve(weights)), bundle.toString());
        }
        String tables = Manifest.weightFile(1);
        assertFalse(
                node(first.resolve(tables)).equals(node(longer.resolve(tables))), "tables are as long as the context");
        String listed = quern("ls").out();
        assertTrue(listed.contains("  " + longer.getFileName() + " "), listed);
        assertTrue(listed.lines().findFirst().orElseThrow().startsWith("NAME "), listed);
    }

    /** A device that offers more gets a bundle of its own only where the model needs more than all such devices. */
    @Test
    void aModelThatNeedsNoMoreThanUsualHasOneBundleForAllDevices() throws IOException {
        DeviceInfo large = device(new Limits(2L << 30, 4L << 30, 1024, 32768, 16384, 65535));
        CompileOptions fitted = CompileOptions.of(ProfileMatcher.fitted(large)).withContext(32);
        Path usual = bundles().bundle(model, SMALL, fitted);
        assertEquals(compile(SMALL), usual);
        assertEquals(usual, bundles().bundle(model, SMALL, fitted), "what is kept is found again");

        // As if every such device could bind so little that the model's matrices had to be split.
        DeviceProfile tight = DeviceProfile.PORTABLE.atMost(Limits.ofBinding(6 << 10));
        CompileOptions small = CompileOptions.of(tight).withContext(4);
        CompileOptions own = CompileOptions.of(ProfileMatcher.fitted(large)).withContext(4);
        Path other = bundles().bundle(model, small, own);
        assertTrue(String.valueOf(other.getFileName()).contains("-portable-fitted-"), other.toString());
        assertEquals(other, bundles().bundle(model, small, own), "what is kept is found again");
    }

    private static DeviceInfo device(Limits limits) {
        return new DeviceInfo("A card", DeviceInfo.Kind.DISCRETE, "Vulkan", "1.2", limits, 32, 32, true);
    }

    @Test
    void aFileThatIsDamagedIsNotShared() throws IOException {
        Path first = compile(SMALL);
        Path weights = first.resolve(Manifest.weightFile(0));
        byte[] bytes = Files.readAllBytes(weights);
        bytes[0] ^= 1;
        Files.write(weights, bytes);
        Path longer = compile(SMALL.withContext(64));
        assertFalse(node(weights).equals(node(longer.resolve(Manifest.weightFile(0)))));
    }

    @Test
    void aModelIsShownWithItsBundlesUnderItsNameInAnyCase() {
        Path bundle = compile(SMALL);
        String text = quern("show", "tINY").out();
        assertTrue(text.startsWith("name: Tiny\nkind: model\npath: " + model), text);
        assertTrue(text.contains("  name: " + bundle.getFileName() + "\n"), text);
        assertTrue(text.contains("  context: 32\n"), text);
        String json = quern("show", "tiny.gguf", "--json").out();
        assertTrue(json.contains("\"bundles\": [") && json.contains("\"context\": 32"), json);
        Outcome none = quern("show", model.toString());
        assertEquals(1, none.code());
        assertTrue(none.err().contains("'quern ls' lists the names"), none.err());
    }

    @Test
    void rmAsksAndRemovesAModelWithItsBundles() throws IOException {
        Path bundle = compile(SMALL);
        Path outside = Files.write(folder.resolve("outside.gguf"), TrainingRun.model());
        Outcome unasked = quern("rm", "tiny");
        assertEquals(2, unasked.code());
        assertTrue(unasked.err().contains("--yes"), unasked.err());
        for (String name : new String[] {outside.toString(), "../outside", "..", "models", ""}) {
            assertEquals(1, quern("rm", "--yes", name).code(), name);
        }
        assertTrue(Files.exists(outside) && Files.exists(model) && Files.exists(bundle));
        Outcome removed = quern("rm", "--yes", "tiny");
        assertEquals(0, removed.code(), removed.err());
        assertTrue(removed.out().startsWith("removed " + bundle.getFileName() + "\nremoved Tiny\n"), removed.out());
        assertFalse(Files.exists(model) || Files.exists(bundle));
        assertTrue(
                quern("ls").out().startsWith("There are no models"), quern("ls").out());
    }

    @Test
    void aLinkIsRemovedAndNotWhatItPointsTo() throws IOException {
        Path outside = Files.write(folder.resolve("outside.gguf"), TrainingRun.model());
        Files.createSymbolicLink(cache().models().resolve("link.gguf"), outside);
        Path there = folder.resolve("there");
        assertEquals(
                0,
                quern("compile", outside.toString(), "-o", there.toString(), "--profile", "portable")
                        .code());
        Files.createSymbolicLink(cache().bundles().resolve("linked"), there);
        assertEquals(0, quern("rm", "--yes", "link", "linked").code());
        assertTrue(Files.exists(outside) && Files.exists(there.resolve(Manifest.FILE)));
        assertFalse(Files.exists(cache().models().resolve("link.gguf"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void whatIsStaleIsPruned() throws IOException {
        Path kept = compile(SMALL);
        Path changed = compile(SMALL.withContext(64));
        assertEquals(
                model.toRealPath(),
                BundleNote.read(cache(), changed).orElseThrow().model());
        Path note = BundleNote.file(cache(), changed);
        Files.writeString(note, Files.readString(note).replaceAll("\"compiler\": \"....", "\"compiler\": \"0000"));
        Path unknown = Files.createDirectories(cache().bundles().resolve("unknown"));
        Files.writeString(unknown.resolve(Manifest.FILE), "{\"format_version\": 1, \"profiles\": [{}]}");
        Path part = Files.writeString(cache().models().resolve("big.gguf.part"), "GGUF");
        Path dead = Files.createDirectories(cache().bundles().resolve(".tiny.partial-999999999-1"));
        Path alive = Files.createDirectories(cache().bundles()
                .resolve(".tiny.partial-" + ProcessHandle.current().pid() + "-1"));

        String dry = quern("prune", "--dry-run").out();
        for (Path stale : new Path[] {changed, unknown, part, dead, alive}) {
            assertTrue(dry.contains(stale.getFileName() + " "), dry);
            assertTrue(Files.exists(stale));
        }
        assertFalse(dry.contains(kept.getFileName().toString()), dry);
        assertTrue(dry.contains("stale: of another build of the compiler"), dry);

        Outcome pruned = quern("prune");
        assertEquals(1, pruned.code());
        assertEquals(alive.getFileName() + " is in use, and was left.\n", pruned.err());
        for (Path stale : new Path[] {changed, note, unknown, part, dead}) {
            assertFalse(Files.exists(stale), stale.toString());
        }
        assertTrue(Files.exists(kept) && Files.exists(model) && Files.exists(alive));
        try (BundleSource source = BundleFiles.source(kept)) {
            assertEquals(List.of(), BundleFiles.reader(source).verify());
        }
    }

    @Test
    void whatQuernHasNotMadeIsNeitherListedNorPruned() throws IOException {
        Path bundle = compile(SMALL);
        Path foreign = Files.createDirectories(cache().bundles().resolve("holiday"));
        Path letter = Files.writeString(foreign.resolve("letter.txt"), "dear");
        Path app = Files.createDirectories(cache().bundles().resolve("app"));
        Files.writeString(app.resolve(Manifest.FILE), "{\"name\": \"an app of the web\"}");
        Path part = Files.writeString(cache().models().resolve("thesis.part"), "I");
        Path notes = Files.writeString(BundleNote.folder(cache()).resolve("shopping.txt"), "milk");
        Outcome listed = quern("ls");
        for (Path each : new Path[] {foreign, app, part, notes}) {
            assertFalse(listed.out().contains(each.getFileName().toString()), listed.out());
        }
        assertEquals("Nothing is stale.\n", quern("prune", "--dry-run").out());
        assertEquals(0, quern("prune").code());
        assertEquals(1, quern("rm", "--yes", "holiday").code());
        assertTrue(Files.exists(letter) && Files.exists(app) && Files.exists(part) && Files.exists(notes));
        assertTrue(Files.exists(bundle));
        // A bundle whose manifest is lost has a note that says what it was.
        Files.delete(bundle.resolve(Manifest.FILE));
        assertTrue(quern("prune", "--dry-run").out().contains("damaged"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void onlyFilesAreModels() throws Exception {
        Path models = cache().models();
        Files.createDirectory(models.resolve("folder.gguf"));
        Files.createSymbolicLink(models.resolve("gone.gguf"), folder.resolve("nowhere"));
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", models.resolve("pipe.gguf").toString())
                        .start()
                        .waitFor());
        Files.createSymbolicLink(
                models.resolve("link.gguf"), Files.write(folder.resolve("other.gguf"), TrainingRun.model()));
        for (String command : List.of("ls", "pull")) {
            String out = quern(command).out();
            assertTrue(out.contains("Tiny ") && out.contains("link "), out);
            assertFalse(out.contains("folder") || out.contains("gone") || out.contains("pipe"), out);
        }
    }

    @Test
    void showTellsWhatRmFrees() throws IOException {
        Path first = compile(SMALL);
        Path second = compile(SMALL.withContext(64));
        long shared = Files.size(first.resolve(Manifest.weightFile(0)));
        long alone = freed(second.getFileName().toString());
        // Beside a bundle lies a note on it, which goes with it.
        assertTrue(alone + shared < bytes(second.getFileName().toString()) + 1000, "what the other has too stays");
        String model = quern("show", "tiny", "--json").out();
        long all = Long.parseLong(model.replaceFirst("(?s).*?\"bytes_freed\": (\\d+).*", "$1"));
        assertEquals(removed(second.getFileName().toString()), alone);
        assertEquals(removed("tiny"), all - alone);
    }

    private long bytes(String name) {
        String shown = quern("show", name, "--json").out();
        return Long.parseLong(shown.replaceFirst("(?s).*?\"bytes\": (\\d+).*", "$1"));
    }

    private long freed(String name) {
        String shown = quern("show", name, "--json").out();
        return Long.parseLong(shown.replaceFirst("(?s).*?\"bytes_freed\": (\\d+).*", "$1"));
    }

    private long removed(String name) {
        String told = quern("rm", "--yes", "--json", name).out();
        return Long.parseLong(told.replaceFirst("(?s).*\"bytes_freed\": (\\d+).*", "$1"));
    }

    @Test
    void aBundleThatAProcessReadsIsLeft() throws IOException {
        Path bundle = compile(SMALL);
        Path note = BundleNote.file(cache(), bundle);
        try (FileChannel channel = FileChannel.open(note, StandardOpenOption.READ);
                var lock = channel.lock(0, Long.MAX_VALUE, true)) {
            assertTrue(lock.isShared());
            Outcome left = quern("rm", "--yes", bundle.getFileName().toString());
            assertEquals(1, left.code());
            assertEquals(bundle.getFileName() + " is in use, and was left.\n", left.err());
            Outcome model = quern("rm", "--yes", "tiny");
            assertEquals(1, model.code(), "nor is the model removed that the bundle is of");
            assertTrue(model.err().contains("Tiny is in use, and was left."), model.err());
        }
        assertTrue(Files.exists(bundle) && Files.exists(this.model));
        assertEquals(0, quern("rm", "--yes", bundle.getFileName().toString()).code());
    }

    @Test
    void aBundleOfAModelThatIsGoneOrChangedIsStale() throws IOException {
        Path bundle = compile(SMALL);
        Files.write(model, new byte[] {0}, StandardOpenOption.APPEND);
        assertTrue(quern("ls").out().contains("stale: its model file has changed"));
        Files.delete(model);
        String listed = quern("ls", "--json").out();
        assertTrue(listed.contains("\"stale\": \"its model file is gone\""), listed);
        assertTrue(listed.contains(bundle.getFileName().toString()), listed);
    }
}
