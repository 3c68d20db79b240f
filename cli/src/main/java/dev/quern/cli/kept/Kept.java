package dev.quern.cli.kept;

import dev.quern.plan.bundle.Manifest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Something that the cache keeps. */
public sealed interface Kept {
    /** By which people name it. */
    String name();

    /** All files and folders of it. */
    List<Path> paths();

    /** Bytes of it, those that it shares with others too. */
    long bytes();

    /** When it was used last, or else made. */
    Instant used();

    /** Why it will not be used again; nothing where it may be. */
    Optional<String> stale();

    /**
     * A model.
     *
     * @param file the model file
     * @param origin where it came from, if it was an address
     * @param bundles that were made of it
     */
    record Model(
            String name,
            Path file,
            List<Path> paths,
            long bytes,
            Instant used,
            Optional<String> origin,
            List<Bundle> bundles)
            implements Kept {
        @Override
        public Optional<String> stale() {
            return Optional.empty();
        }
    }

    /**
     * A bundle that was made on the way to running a model.
     *
     * @param folder the bundle
     * @param paths it, and what is known of it beside it
     * @param model the file that it was made of, if that is known
     * @param manifest what it holds, if it can be read
     */
    record Bundle(
            String name,
            Path folder,
            List<Path> paths,
            long bytes,
            Instant used,
            Optional<String> stale,
            Optional<Path> model,
            Optional<Manifest> manifest)
            implements Kept {}

    /**
     * What a download or a compilation that broke off has left, or an older Quern.
     *
     * @param what in a few words
     */
    record Leftover(String name, Path path, long bytes, Instant used, String what) implements Kept {
        @Override
        public List<Path> paths() {
            return List.of(path);
        }

        @Override
        public Optional<String> stale() {
            return Optional.of(what);
        }
    }
}
