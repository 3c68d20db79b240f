package dev.quern.cli.kept;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.bundle.BundleNote;
import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.store.ModelParts;
import dev.quern.cli.store.ModelStore;
import dev.quern.cli.store.Reasons;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.store.VerifiedFiles;
import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.BundleSource;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the cache keeps, now.
 *
 * @param models in the order of their names, each with the bundles that were made of it
 * @param others bundles of model files that lie elsewhere or are not known, in the order of their names
 * @param leftovers what is of no use
 * @param bytes of all that lies in the cache, files with several names counted once
 */
public record Inventory(List<Kept.Model> models, List<Kept.Bundle> others, List<Kept.Leftover> leftovers, long bytes) {
    private static final String GGUF = ".gguf";
    private static final String ORIGIN = ".origin";

    /** No manifest is longer by far. */
    private static final long MOST_OF_MANIFEST = 1 << 24;

    /**
     * Looks through the cache.
     *
     * @param stored the models in it
     * @param compiler identity of the compiler that bundles would be made with now
     */
    public static Inventory of(CacheFolder cache, List<ModelStore.Stored> stored, String compiler) {
        List<Kept.Bundle> bundles = new ArrayList<>();
        for (Path folder : entries(cache.bundles())) {
            if (Files.isDirectory(folder) && !Leftovers.isHidden(folder)) {
                bundle(cache, folder, compiler).ifPresent(bundles::add);
            }
        }
        List<Kept.Model> models = new ArrayList<>();
        for (ModelStore.Stored each : stored) {
            Path file = real(each.file());
            List<Kept.Bundle> own = bundles.stream()
                    .filter(bundle -> bundle.model().filter(file::equals).isPresent())
                    .toList();
            models.add(model(each, own));
            bundles.removeAll(own);
        }
        return new Inventory(models, bundles, Leftovers.of(cache), DiskUse.of(cache.root()));
    }

    /** Bytes of all that lies in the cache, files with several names counted once. */
    public static long bytesOf(CacheFolder cache) {
        return DiskUse.of(cache.root());
    }

    /** All bundles. */
    public List<Kept.Bundle> bundles() {
        return Stream.concat(models.stream().flatMap(model -> model.bundles().stream()), others.stream())
                .toList();
    }

    /** All that will not be used again. */
    public List<Kept> stale() {
        return Stream.<Kept>concat(bundles().stream(), leftovers.stream())
                .filter(kept -> kept.stale().isPresent())
                .toList();
    }

    /** What bears a name, in capitals or not; of several the first, and models before bundles. */
    public Optional<Kept> named(String name) {
        return all().filter(kept -> kept.name().equalsIgnoreCase(name)
                        || (kept instanceof Kept.Model && (kept.name() + GGUF).equalsIgnoreCase(name)))
                .findFirst();
    }

    /** The names of all that is kept, in the order in which they are looked for. */
    public List<String> names() {
        return all().map(Kept::name).toList();
    }

    private Stream<Kept> all() {
        return Stream.concat(models.stream(), Stream.concat(bundles().stream(), leftovers.stream()));
    }

    static List<Path> entries(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new StoreException(folder + " cannot be listed: " + Reasons.of(e) + ".", e);
        }
    }

    private static Kept.Model model(ModelStore.Stored stored, List<Kept.Bundle> bundles) {
        List<Path> parts = parts(stored.file());
        List<Path> paths = new ArrayList<>(parts);
        parts.stream().map(Inventory::origin).filter(Files::exists).forEach(paths::add);
        return new Kept.Model(
                stored.name(),
                stored.file(),
                List.copyOf(paths),
                parts.stream().mapToLong(DiskUse::of).sum(),
                bundles.stream()
                        .map(Kept.Bundle::used)
                        .max(Comparator.naturalOrder())
                        .orElseGet(() -> changed(stored.file())),
                text(origin(stored.file())),
                bundles);
    }

    private static List<Path> parts(Path file) {
        try {
            return ModelParts.of(file);
        } catch (IOException e) {
            // A part has gone meanwhile.
            return List.of(file);
        }
    }

    private static Path origin(Path file) {
        return file.resolveSibling(file.getFileName() + ORIGIN);
    }

    private static Optional<String> text(Path origin) {
        try {
            return Files.exists(origin) ? Optional.of(Files.readString(origin).strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A folder that Quern has made, which is one with a note or with a manifest; any other is somebody else's. */
    private static Optional<Kept.Bundle> bundle(CacheFolder cache, Path folder, String compiler) {
        Optional<BundleNote> note = BundleNote.read(cache, folder);
        Path used = BundleNote.file(cache, folder);
        Optional<Manifest> manifest = Optional.empty();
        Optional<String> stale = note.map(known -> known.staleness(compiler)).orElse(Optional.of("of an older Quern"));
        try (BundleSource source = BundleFiles.source(folder)) {
            manifest = Optional.of(BundleFiles.reader(source).manifest());
        } catch (BundleException e) {
            if (!Files.exists(used) && !isManifest(folder.resolve(Manifest.FILE))) {
                return Optional.empty();
            }
            stale = Optional.of("damaged, or of another format");
        }
        return Optional.of(new Kept.Bundle(
                folder.getFileName().toString(),
                folder,
                paths(cache, folder),
                DiskUse.of(folder),
                changed(Files.exists(used) ? used : folder),
                stale,
                note.map(BundleNote::model),
                manifest));
    }

    private static List<Path> paths(CacheFolder cache, Path bundle) {
        List<Path> paths = new ArrayList<>(List.of(bundle, BundleNote.file(cache, bundle)));
        try {
            paths.add(VerifiedFiles.accountOf(cache, bundle));
        } catch (IOException e) {
            // It has gone meanwhile.
            return List.of(bundle);
        }
        return paths.stream()
                .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /** Whether a file is the manifest of a bundle, of this format or of another. */
    private static boolean isManifest(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_OF_MANIFEST) {
                return false;
            }
            JsonValue json = JsonValue.parse(file.toString(), Files.readString(file));
            return json.field("format_version").size() > 0
                    && !json.field("profiles").list().isEmpty();
        } catch (IOException | BundleException e) {
            return false;
        }
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file;
        }
    }

    static Instant changed(Path path) {
        try {
            return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }
}
