package dev.quern.cli.bundle;

import dev.quern.bundle.files.BundleFiles;
import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.store.Sha256;
import dev.quern.cli.store.Staging;
import dev.quern.cli.terminal.Progress;
import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.BundleSource;
import dev.quern.plan.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Sees that bundles of the cache keep like files of weights once: those of one model for another context, another
 * device or another encoding of keys and values. A file of a new bundle that another has too becomes a second name of
 * the other's (a hard link), so that each bundle stays a whole folder, and the bytes go with the last of the names.
 * Nothing writes into a bundle's file once it is made. Where a file system has no such links, there are two copies.
 */
final class SharedWeights {
    private static final String WEIGHTS = "weights/";

    private SharedWeights() {}

    /** Gives the weights of a new bundle the files that other bundles have already. */
    static void share(CacheFolder cache, Path bundle) throws IOException {
        Map<String, Manifest.FileEntry> wanted = new HashMap<>();
        weights(bundle).forEach(file -> wanted.put(file.sha256(), file));
        for (Path other : bundles(cache)) {
            if (!other.equals(bundle) && !wanted.isEmpty()) {
                for (Manifest.FileEntry file : weights(other)) {
                    Manifest.FileEntry own = wanted.get(file.sha256());
                    if (own != null && link(other.resolve(file.name()), bundle.resolve(own.name()), own)) {
                        wanted.remove(file.sha256());
                    }
                }
            }
        }
    }

    private static List<Path> bundles(CacheFolder cache) throws IOException {
        try (Stream<Path> folders = Files.list(cache.bundles())) {
            return folders.filter(folder -> Files.isRegularFile(folder.resolve(Manifest.FILE)))
                    .sorted()
                    .toList();
        }
    }

    private static List<Manifest.FileEntry> weights(Path bundle) {
        try (BundleSource source = BundleFiles.source(bundle)) {
            return BundleFiles.reader(source).manifest().files().stream()
                    .filter(file -> file.name().startsWith(WEIGHTS))
                    .toList();
        } catch (BundleException e) {
            // A bundle of another version, or one that is being removed.
            return List.of();
        }
    }

    /** Whether the second is now a name of the first's file, which is looked at whole: it may have been damaged. */
    private static boolean link(Path from, Path to, Manifest.FileEntry expected) throws IOException {
        Path temporary = to.resolveSibling(
                "." + to.getFileName() + ".link-" + ProcessHandle.current().pid());
        try {
            if (Files.size(from) != expected.bytes()
                    || !Sha256.of(from, Progress.NONE).equals(expected.sha256())) {
                return false;
            }
            Files.createLink(temporary, from);
            Staging.moveInto(temporary, to);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            Files.deleteIfExists(temporary);
            return false;
        }
    }
}
