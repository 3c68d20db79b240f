package dev.quern.cli.kept;

import dev.quern.cli.bundle.BundleNote;
import dev.quern.cli.store.CacheFolder;
import dev.quern.cli.store.TargetLock;
import dev.quern.cli.store.VerifiedFiles;
import dev.quern.runtime.wgpu.WgpuLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what is of no use in the cache, beside bundles that are stale. */
final class Leftovers {
    private static final String GGUF = ".gguf";
    private static final String PART = GGUF + ".part";
    private static final String NOTE = ".json";
    private static final String PULL = ".pull-";
    private static final String WGPU = "wgpu-native-";

    /** What a bundle is called while it is written or removed; the number is that of the process. */
    private static final Pattern UNFINISHED = Pattern.compile("\\..*\\.(partial|old|removed)-([0-9]+)(-[0-9]+)?");

    private Leftovers() {}

    static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    static List<Kept.Leftover> of(CacheFolder cache) {
        List<Kept.Leftover> found = new ArrayList<>();
        for (Path path : Inventory.entries(cache.models())) {
            String name = path.getFileName().toString();
            if (name.endsWith(PART) || name.endsWith(PART + ".of")) {
                found.add(leftover(path, "a download that broke off"));
            } else if (name.startsWith(PULL)) {
                found.add(leftover(path, "what pip was fetching"));
            }
        }
        for (Path path : Inventory.entries(cache.bundles())) {
            if (UNFINISHED.matcher(path.getFileName().toString()).matches()) {
                found.add(leftover(path, "a bundle that was not finished or not removed"));
            }
        }
        for (Path path : Inventory.entries(BundleNote.folder(cache))) {
            String name = path.getFileName().toString();
            if (name.endsWith(NOTE)
                    && !Files.exists(cache.bundles().resolve(name.substring(0, name.length() - NOTE.length())))) {
                found.add(leftover(path, "a note on a bundle that is gone"));
            }
        }
        for (Path path : VerifiedFiles.withoutBundle(cache)) {
            found.add(leftover(path, "a list of verified files of a bundle that is gone"));
        }
        for (Path path : Inventory.entries(cache.root())) {
            String name = path.getFileName().toString();
            if (name.startsWith(WGPU) && !name.equals(WGPU + WgpuLibrary.version())) {
                found.add(leftover(path, "another version of the library wgpu-native"));
            }
        }
        return found;
    }

    private static Kept.Leftover leftover(Path path, String what) {
        return new Kept.Leftover(path.getFileName().toString(), path, DiskUse.of(path), Inventory.changed(path), what);
    }

    /** Whether a process is at work on it. */
    static boolean isInUse(Kept.Leftover leftover) {
        String name = leftover.name();
        Matcher unfinished = UNFINISHED.matcher(name);
        if (unfinished.matches()) {
            return isAlive(unfinished.group(2));
        }
        return target(name)
                .filter(target -> TargetLock.isHeld(leftover.path().resolveSibling(target)))
                .isPresent();
    }

    /** The file that is being fetched. */
    private static Optional<String> target(String name) {
        if (name.startsWith(PULL)) {
            return Optional.of(name.substring(PULL.length()));
        }
        int end = name.lastIndexOf(PART);
        return end > 0 ? Optional.of(name.substring(0, end) + GGUF) : Optional.empty();
    }

    private static boolean isAlive(String process) {
        try {
            return ProcessHandle.of(Long.parseLong(process)).isPresent();
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
