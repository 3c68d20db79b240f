package dev.quern.bundle.files;

import dev.quern.plan.BundleException;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What lies where a bundle is to be written. Only a bundle is replaced, and nothing that lies beside its files. */
final class OlderBundle {
    private static final int MOST_NAMES = 5;
    private static final byte[] ZIP = {'P', 'K', 3, 4};

    private OlderBundle() {}

    /**
     * Refuses a folder that holds anything but a bundle of any version.
     *
     * @param named the folder as it was named
     */
    static void requireReplaceable(Path named, Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw refused(named, "is no bundle");
        }
        List<String> files = files(folder);
        if (files.isEmpty()) {
            return;
        }
        if (!files.contains(Manifest.FILE)) {
            throw refused(named, "is no bundle");
        }
        Set<String> known = listed(named, folder);
        List<String> others =
                files.stream().filter(file -> !known.contains(file)).sorted().toList();
        if (!others.isEmpty()) {
            String more = others.size() > MOST_NAMES ? " and " + (others.size() - MOST_NAMES) + " more" : "";
            throw refused(
                    named,
                    "holds files that are no part of the bundle there ("
                            + String.join(
                                    ", ", others.stream().limit(MOST_NAMES).toList()) + more + ")");
        }
    }

    /** Refuses a file that is no zip. */
    static void requireReplaceableZip(Path named, Path file) throws IOException {
        if (!Files.exists(file) || !Files.isRegularFile(file)) {
            return;
        }
        try (var in = Files.newInputStream(file)) {
            byte[] beginning = in.readNBytes(ZIP.length);
            if (beginning.length > 0 && !Arrays.equals(beginning, ZIP)) {
                throw refused(named, "is no bundle");
            }
        }
    }

    private static BundleException refused(Path named, String what) {
        return new BundleException(named + ": is there already and " + what + "; choose another name, or remove it");
    }

    /** The files that the manifest lists, and itself. Its other fields may be those of another version. */
    private static Set<String> listed(Path named, Path folder) throws IOException {
        Set<String> known = new HashSet<>(Set.of(Manifest.FILE));
        try {
            JsonValue manifest = JsonValue.parse(Manifest.FILE, Files.readString(folder.resolve(Manifest.FILE)));
            for (JsonValue file : manifest.field("files").list()) {
                known.add(file.field("name").text());
            }
        } catch (BundleException e) {
            throw refused(named, "its " + Manifest.FILE + " is no bundle's");
        }
        return known;
    }

    /** All that is no folder, by its path with slashes. */
    private static List<String> files(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .map(path -> folder.relativize(path).toString().replace('\\', '/'))
                    .toList();
        }
    }
}
