package dev.quern.cli.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which pip works, and pip while it does. Both are gone at the end, also where Ctrl-C or a request to
 * terminate is the end; what a killed run has left goes when the next one begins.
 */
final class PipStaging implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 2;

    private final Path folder;
    private final Thread hook = new Thread(this::end, "pull");
    private volatile @Nullable Process process;
    private volatile boolean ending;

    private PipStaging(Path folder) {
        this.folder = folder;
    }

    /** Makes the folder, which nobody else may use. */
    static PipStaging open(Path folder) throws IOException {
        Staging.deleteAll(folder);
        Files.createDirectory(folder);
        var staging = new PipStaging(folder);
        Runtime.getRuntime().addShutdownHook(staging.hook);
        return staging;
    }

    Path resolve(String name) {
        return folder.resolve(name);
    }

    /** Starts a process that ends with this one. */
    Process start(ProcessBuilder builder) throws IOException {
        Process started = builder.start();
        process = started;
        return started;
    }

    /** Whether someone has asked this process to end. */
    boolean isEnding() {
        return ending;
    }

    private void end() {
        ending = true;
        try {
            Process running = process;
            if (running != null) {
                running.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            Staging.deleteAll(folder);
        } catch (IOException e) {
            // The next run deletes it.
            ending = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        Process running = process;
        if (running != null) {
            running.destroy();
        }
        if (ending) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            ending = true;
            return;
        }
        Staging.deleteAll(folder);
    }
}
