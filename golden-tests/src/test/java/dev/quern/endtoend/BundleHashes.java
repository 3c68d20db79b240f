package dev.quern.endtoend;

import dev.quern.bundle.files.Sha256;
import dev.quern.cli.bundle.Compilation;
import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.terminal.Terminal;
import dev.quern.compiler.CompileOptions;
import dev.quern.plan.DeviceProfile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program that compiles model files as {@code quern compile} does, for each profile, as a folder and as a zip, and
 * prints a line for every file that came out: its SHA-256 and its name. What is run in another process, with other
 * settings, must print the same.
 */
final class BundleHashes {
    private BundleHashes() {}

    /** Takes a folder to write in and the model files. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        List<String> lines = new ArrayList<>();
        for (int index = 1; index < arguments.length; index++) {
            lines.addAll(of(Path.of(arguments[index]), folder));
        }
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        lines.forEach(out::println);
    }

    /** The lines of one model. */
    static List<String> of(Path model, Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        for (DeviceProfile profile : DeviceProfile.ALL) {
            for (String kind : List.of("folder", "zip.quern")) {
                String name = model.getFileName() + "-" + profile.name() + "-" + kind;
                Path bundle = folder.resolve(name);
                var silent = new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
                var terminal = new Terminal(silent, silent, false, false, false, 80);
                new Compilation(new CacheFolder(folder.resolve("cache")), terminal)
                        .run(model, CompileOptions.of(profile).withContext(64), bundle);
                for (Path file : files(bundle)) {
                    String inside = folder.relativize(file).toString().replace('\\', '/');
                    lines.add(hash(Files.readAllBytes(file)) + " " + inside);
                }
            }
        }
        return lines;
    }

    private static List<Path> files(Path bundle) throws IOException {
        try (Stream<Path> files = Files.walk(bundle)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String hash(byte[] content) {
        var digest = new Sha256();
        digest.update(ByteBuffer.wrap(content));
        return digest.finishHex();
    }
}
