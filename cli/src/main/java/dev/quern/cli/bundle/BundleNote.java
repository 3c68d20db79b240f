package dev.quern.cli.bundle;

import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.store.VerifiedFiles;
import dev.quern.plan.BundleException;
import dev.quern.plan.json.JsonText;
import dev.quern.plan.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the cache knows of a bundle that it keeps, beside the bundle and not in it: what it was made of, when it was
 * used last (the note's own time), and whether a process reads it (a lock on the note).
 *
 * @param files of the model, in order
 * @param compiler identity of the compiler
 */
public record BundleNote(List<ModelFile> files, String compiler) {
    private static final String FOLDER = "notes";

    public BundleNote {
        files = List.copyOf(files);
    }

    /**
     * A model file as it was when the bundle was made.
     *
     * @param path without links on the way
     * @param size in bytes
     * @param modified when it was changed, as the file system says it
     */
    public record ModelFile(Path path, long size, String modified) {
        static ModelFile of(Path file) throws IOException {
            return new ModelFile(
                    file.toRealPath(),
                    Files.size(file),
                    Files.getLastModifiedTime(file).toString());
        }
    }

    /** The folder of all notes, which need not be there. */
    public static Path folder(CacheFolder cache) {
        return cache.root().resolve(FOLDER);
    }

    /** Where the note of a bundle is, that need not be there. */
    public static Path file(CacheFolder cache, Path bundle) {
        return folder(cache).resolve(bundle.getFileName() + ".json");
    }

    /** The model's file, or the first of them. */
    public Path model() {
        return files.getFirst().path();
    }

    /** Writes the note of a bundle that was just made. */
    void write(CacheFolder cache, Path bundle) throws IOException {
        List<Map<String, Object>> all = new ArrayList<>();
        for (ModelFile each : files) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("path", each.path().toString());
            fields.put("size", each.size());
            fields.put("modified", each.modified());
            all.add(fields);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("model", all);
        fields.put("compiler", compiler);
        Path file = file(cache, bundle);
        Files.createDirectories(folder(cache));
        Files.writeString(file, JsonText.print(fields));
    }

    /** The note of a bundle; nothing where there is none that can be read, as for bundles of an older Quern. */
    public static Optional<BundleNote> read(CacheFolder cache, Path bundle) {
        Path file = file(cache, bundle);
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            JsonValue note = JsonValue.parse(file.toString(), Files.readString(file));
            List<ModelFile> files = note.field("model")
                    .list(each -> new ModelFile(
                            Path.of(each.field("path").text()),
                            each.field("size").size(),
                            each.field("modified").text()));
            return files.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new BundleNote(files, note.field("compiler").text()));
        } catch (IOException | BundleException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Why the bundle will not be used again, in a few words for a table; nothing where it will.
     *
     * @param compilerNow identity of the compiler that would be used
     */
    public Optional<String> staleness(String compilerNow) {
        for (ModelFile each : files) {
            try {
                if (!Files.exists(each.path())) {
                    return Optional.of("its model file is gone");
                }
                if (!ModelFile.of(each.path()).equals(each)) {
                    return Optional.of("its model file has changed");
                }
            } catch (IOException e) {
                return Optional.empty();
            }
        }
        return compiler.equals(compilerNow) ? Optional.empty() : Optional.of("of another build of the compiler");
    }

    /** Notes that the bundle is used now, and that it is being read until the result is closed. */
    static Use use(CacheFolder cache, Path bundle) {
        Path note = file(cache, bundle);
        try {
            if (!bundle.toAbsolutePath().startsWith(cache.root()) || !Files.exists(note)) {
                return () -> {};
            }
            Files.setLastModifiedTime(note, FileTime.from(Instant.now()));
            FileChannel channel = FileChannel.open(note, StandardOpenOption.READ);
            lock(channel, true);
            return () -> close(channel);
        } catch (IOException e) {
            // The cache may be read and not written: then nothing is removed from it either.
            return () -> {};
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The use of a bundle, until it is closed. */
    interface Use extends AutoCloseable {
        @Override
        void close();
    }

    private static @Nullable FileLock lock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException e) {
            // Another thread of this process has it.
            return null;
        }
    }

    /**
     * Removes a bundle that no process reads meanwhile, with all that is known of it.
     *
     * @param action removes the bundle itself
     * @return whether it was done: not while a process reads the bundle
     */
    public static boolean whileUnused(CacheFolder cache, Path bundle, Action action) throws IOException {
        Path note = file(cache, bundle);
        if (!Files.exists(note)) {
            VerifiedFiles.forget(cache, bundle);
            action.run();
            return true;
        }
        try (FileChannel channel = FileChannel.open(note, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (lock(channel, false) == null) {
                return false;
            }
            VerifiedFiles.forget(cache, bundle);
            action.run();
        }
        Files.deleteIfExists(note);
        return true;
    }

    /** Something that may fail. */
    @FunctionalInterface
    public interface Action {
        void run() throws IOException;
    }
}
