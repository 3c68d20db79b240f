package dev.quern.cli.kept;

import dev.quern.cli.bundle.BundleNote;
import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.store.Reasons;
import dev.quern.cli.store.Staging;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.store.TargetLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is to be removed from the cache.
 *
 * @param kept each once, a model's bundles beside it
 */
public record Removal(CacheFolder cache, List<Kept> kept) {

    /** Removes these, and with a model the bundles that were made of it. */
    public static Removal of(CacheFolder cache, List<? extends Kept> chosen) {
        Set<Kept> all = new LinkedHashSet<>();
        for (Kept each : chosen) {
            // Bundles first: where a process reads one, its model stays as well.
            if (each instanceof Kept.Model model) {
                all.addAll(model.bundles());
            }
            all.add(each);
        }
        return new Removal(cache, List.copyOf(all));
    }

    /** Bytes that are free again if all of it goes: not those of files that something else has too. */
    public long freed() {
        return DiskUse.freed(paths());
    }

    /** Bytes of all of it, files with several names counted once. */
    public long bytes() {
        var use = new DiskUse();
        paths().forEach(use::add);
        return use.bytes();
    }

    private List<Path> paths() {
        return kept.stream().flatMap(each -> each.paths().stream()).toList();
    }

    /** Bytes that are free again if this alone is removed, a model with the bundles that were made of it. */
    static long freed(Kept kept) {
        Stream<Path> bundles = kept instanceof Kept.Model model
                ? model.bundles().stream().flatMap(bundle -> bundle.paths().stream())
                : Stream.empty();
        return DiskUse.freed(Stream.concat(kept.paths().stream(), bundles).toList());
    }

    /**
     * Removes what no process is reading. What is on a device already needs no file.
     *
     * @return what was left, because a process is reading it
     */
    public List<Kept> run() {
        List<Kept> left = new ArrayList<>();
        for (Kept each : kept) {
            each.paths().forEach(this::requireInside);
            try {
                if (isReadThrough(each, left) || !remove(each)) {
                    left.add(each);
                }
            } catch (NoSuchFileException e) {
                // Another process was faster.
            } catch (IOException e) {
                throw new StoreException(each.name() + " cannot be removed: " + Reasons.of(e) + ".", e);
            }
        }
        return left;
    }

    /** Whether it is a model of which a bundle was left. */
    private static boolean isReadThrough(Kept kept, List<Kept> left) {
        return kept instanceof Kept.Model model && model.bundles().stream().anyMatch(left::contains);
    }

    /** Nothing outside the cache is ever removed, whatever led to it. */
    private void requireInside(Path path) {
        Path normal = path.toAbsolutePath().normalize();
        if (!normal.startsWith(cache.root().normalize())
                || normal.equals(cache.root().normalize())) {
            throw new StoreException(path + " does not lie in the cache " + cache.root() + ", and is not removed.");
        }
    }

    private boolean remove(Kept kept) throws IOException {
        return switch (kept) {
            case Kept.Model model -> {
                if (TargetLock.isHeld(model.file())) {
                    yield false;
                }
                for (Path path : model.paths()) {
                    Staging.deleteAll(path);
                }
                yield true;
            }
            case Kept.Bundle bundle -> BundleNote.whileUnused(cache, bundle.folder(), () -> removeWhole(bundle));
            case Kept.Leftover leftover -> {
                if (Leftovers.isInUse(leftover)) {
                    yield false;
                }
                Staging.deleteAll(leftover.path());
                yield true;
            }
        };
    }

    /** Under another name first: what is half removed must not look like a bundle. */
    private static void removeWhole(Kept.Bundle bundle) throws IOException {
        Path going = bundle.folder()
                .resolveSibling("." + bundle.name() + ".removed-"
                        + ProcessHandle.current().pid());
        if (Files.exists(bundle.folder())) {
            Files.move(bundle.folder(), going);
            Staging.deleteAll(going);
        }
    }
}
