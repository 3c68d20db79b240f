package dev.quern.bundle.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Removes what an unfinished file or folder left, also when the program is interrupted. */
public final class Leftovers {
    private final Path path;
    private final Thread atExit;

    /** Watches over a file or folder until {@link #keep} or {@link #remove}. */
    public Leftovers(Path path) {
        this.path = path;
        atExit = new Thread(() -> delete(path), "remove " + path);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * A hidden name beside the target that nothing has. Not {@link Files#createTempFile}: what that makes, others may
     * not read, and it becomes the bundle.
     */
    public static Path unusedName(Path target, String suffix) {
        for (int number = 1; ; number++) {
            var candidate = target.resolveSibling("." + target.getFileName() + suffix
                    + ProcessHandle.current().pid() + "-" + number);
            if (!Files.exists(candidate)) {
                return candidate;
            }
        }
    }

    /** The file or folder has become the bundle. */
    public void keep() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The program is ending: the hook finds nothing under the temporary name any more.
            return;
        }
    }

    /** Removes the file or folder now. */
    public void remove() {
        keep();
        delete(path);
    }

    /**
     * Deletes a file or a folder with all that is in it, as far as that is possible: another thread may still be
     * writing. What cannot be removed bears a name that says what it is.
     */
    static void delete(Path path) {
        for (int attempt = 0; attempt < 3 && Files.exists(path); attempt++) {
            try (var paths = Files.walk(path)) {
                for (var each : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(each);
                }
            } catch (IOException | UncheckedIOException e) {
                Thread.onSpinWait();
            }
        }
    }
}
