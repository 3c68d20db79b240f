package dev.quern.cli.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where Quern keeps what it can fetch or compute again.
 *
 * @param root {@code $QUERN_CACHE}, else {@code $XDG_CACHE_HOME/quern}, else {@code ~/.cache/quern}
 */
public record CacheFolder(Path root) {

    /** The folder that the environment names. */
    public static CacheFolder of(Map<String, String> environment) {
        String own = environment.getOrDefault("QUERN_CACHE", "");
        if (!own.isEmpty()) {
            return new CacheFolder(Path.of(own).toAbsolutePath());
        }
        String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (!shared.isEmpty()) {
            return new CacheFolder(Path.of(shared).toAbsolutePath().resolve("quern"));
        }
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        return new CacheFolder(Path.of(home).toAbsolutePath().resolve(".cache").resolve("quern"));
    }

    /** Models, one GGUF file each. */
    public Path models() {
        return folder("models");
    }

    /** Bundles compiled on the way to running a model. */
    public Path bundles() {
        return folder("bundles");
    }

    /** Graphs that the compiler could not handle, to be looked into. */
    public Path failures() {
        return folder("failures");
    }

    private Path folder(String name) {
        Path folder = root.resolve(name);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StoreException(
                    "The cache folder " + folder + " cannot be made (" + Reasons.of(e)
                            + "). Set QUERN_CACHE to a folder that can be written.",
                    e);
        }
    }
}
