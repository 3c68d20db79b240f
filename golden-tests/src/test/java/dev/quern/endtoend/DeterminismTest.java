package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two compilations of one model give the same bytes: whatever the language, the time zone, the encoding of files, the
 * virtual machine's hash codes, its compiler and its number of threads, the place of the model, the time, and with or
 * without a device. Every process brings other orders of the platform's unordered sets and maps along.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeterminismTest {
    private final Path folder;
    private List<String> expected = List.of();

    DeterminismTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** A process that differs from the one that runs the tests. */
    record Setting(String name, List<String> flags, Map<String, String> environment) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Setting> settings() {
        return List.of(
                new Setting(
                        "Turkish, on an island where tomorrow begins",
                        List.of("-Duser.language=tr", "-Duser.country=TR", "-Duser.timezone=Pacific/Kiritimati"),
                        Map.of("LC_ALL", "tr_TR.UTF-8", "TZ", "Pacific/Kiritimati")),
                new Setting(
                        "Arabic digits, the system's own encoding, other hash codes",
                        List.of(
                                "-Duser.language=ar",
                                "-Duser.country=EG",
                                "-Duser.language.format=ar",
                                "-Duser.extensions.format=u-nu-arab",
                                "-Dfile.encoding=COMPAT",
                                "-Dline.separator=\r\n",
                                "-XX:+UnlockExperimentalVMOptions",
                                "-XX:hashCode=2"),
                        Map.of("LC_ALL", "C", "LANG", "C")),
                new Setting(
                        "no device, one thread, little heap, no optimising compiler",
                        List.of(
                                "-Xmx96m",
                                "-XX:ActiveProcessorCount=1",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=1"),
                        Map.of(
                                "QUERN_WGPU_LIBRARY", "no library",
                                "VK_ICD_FILENAMES", "no driver",
                                "VK_DRIVER_FILES", "no driver")));
    }

    @BeforeAll
    void compileHere() throws IOException {
        expected = new ArrayList<>();
        for (Path model : models(Files.createDirectories(folder.resolve("here")))) {
            expected.addAll(BundleHashes.of(model, Files.createDirectories(folder.resolve("bundles"))));
        }
    }

    @Test
    void everyKindOfFileIsCompared() {
        for (String part : List.of(
                "manifest.json", "plan-portable.json", "selftest.json", "tokenizer.json", "weights/000.bin", ".wgsl")) {
            assertTrue(expected.stream().anyMatch(line -> line.endsWith(part)), part + " is not among " + expected);
        }
        assertTrue(expected.stream().anyMatch(line -> line.endsWith("zip.quern")), () -> "no zip: " + expected);
    }

    @Test
    void aSecondCompilationGivesTheSameBytes() throws IOException {
        List<String> again = new ArrayList<>();
        for (Path model : models(Files.createDirectories(folder.resolve("again")))) {
            again.addAll(BundleHashes.of(model, Files.createDirectories(folder.resolve("bundles again"))));
        }
        assertEquals(String.join("\n", expected), String.join("\n", again));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void anotherProcessGivesTheSameBytes(Setting setting) throws IOException, InterruptedException {
        Path place = Files.createDirectories(
                folder.resolve("elsewhere " + setting.name().length()));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(setting.flags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BundleHashes.class.getName()));
        command.add(place.resolve("bundles").toString());
        models(place).forEach(model -> command.add(model.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(setting.environment());
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        assertEquals(String.join("\n", expected), printed.replace("\r\n", "\n").strip());
    }

    /** Names of machines, folders, persons and days have no place in a bundle. */
    @Test
    void noBundleTellsWhereItWasMade() throws IOException {
        List<String> traces = new ArrayList<>(List.of(
                folder.toString(), System.getProperty("user.dir"), System.getProperty("java.version"), "Vulkan"));
        for (Path bundle : List.of(folder.resolve("bundles"))) {
            try (var files = Files.walk(bundle)) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".json")).toList()) {
                    String text = Files.readString(file);
                    traces.forEach(trace -> assertFalse(text.contains(trace), file + " holds " + trace));
                }
            }
        }
    }

    /** The same models, written anew. */
    private static List<Path> models(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, byte[]> model : NamedModels.all().entrySet()) {
            files.add(Files.write(folder.resolve(model.getKey() + ".gguf"), model.getValue()));
        }
        return files;
    }
}
