package dev.quern.cli.store;

import dev.quern.compiler.ModelNames;
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

    /** What to do where it cannot be written. */
    public static final String ADVICE = "Set QUERN_CACHE to a folder that can be written and has room.";

    private static final String MODELS = "models";

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
        return folder(MODELS);
    }

    /** Bundles compiled on the way to running a model. */
    public Path bundles() {
        return folder("bundles");
    }

    /** Graphs that the compiler could not handle, to be looked into. */
    public Path failures() {
        return folder("failures");
    }

    /** What others than the file itself call a model: the catalogue, for one that was pulled from it. */
    public ModelNames names(Path model) {
        return new ModelNames(
                KnownModel.ALL.stream()
                        .filter(known -> isSame(model, root.resolve(MODELS).resolve(known.name() + ".gguf")))
                        .map(KnownModel::title)
                        .findFirst(),
                ModelParts.in(String.valueOf(model.getFileName()))
                        .map(ModelParts::stem)
                        .or(() -> ModelNames.ofFile(String.valueOf(model.getFileName()))
                                .file()));
    }

    private static boolean isSame(Path model, Path known) {
        try {
            return Files.isSameFile(model, known);
        } catch (IOException e) {
            // One of them is not there.
            return false;
        }
    }

    private Path folder(String name) {
        Path folder = root.resolve(name);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StoreException(
                    "The cache folder " + folder + " cannot be made (" + Reasons.of(e) + "). " + ADVICE, e);
        }
    }
}
