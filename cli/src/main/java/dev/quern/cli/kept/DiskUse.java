package dev.quern.cli.kept;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Counts bytes, those of a file with several names once. */
final class DiskUse {
    private final Set<Object> counted = new HashSet<>();
    private long bytes;

    /** Bytes of all files under a path, links to elsewhere not followed. */
    static long of(Path path) {
        return new DiskUse().add(path);
    }

    /** Counts what is under a path and was not counted before; the bytes of it. */
    long add(Path path) {
        long before = bytes;
        forEach(path, (file, attributes) -> {
            Object key = attributes.fileKey();
            if (key == null || counted.add(key)) {
                bytes += attributes.size();
            }
        });
        return bytes - before;
    }

    long bytes() {
        return bytes;
    }

    /**
     * Bytes that are free again once everything under some paths is removed: of files all of whose names are there.
     */
    static long freed(Iterable<Path> paths) {
        Map<Object, Integer> names = new HashMap<>();
        long[] freed = new long[1];
        for (Path path : paths) {
            forEach(path, (file, attributes) -> {
                Object key = attributes.fileKey();
                int found = key == null ? 1 : names.merge(key, 1, Integer::sum);
                if (found == names(file)) {
                    freed[0] += attributes.size();
                }
            });
        }
        return freed[0];
    }

    /** How many names a file has; one where the file system does not say. */
    private static int names(Path file) {
        try {
            return Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) instanceof Integer count
                    ? count
                    : 1;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return 1;
        }
    }

    private interface Visitor {
        void file(Path file, BasicFileAttributes attributes);
    }

    /** Files that come and go meanwhile do not matter. */
    private static void forEach(Path path, Visitor visitor) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            files.forEach(file -> {
                try {
                    var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                    if (attributes.isRegularFile()) {
                        visitor.file(file, attributes);
                    }
                } catch (IOException e) {
                    // It has gone.
                    return;
                }
            });
        } catch (IOException | UncheckedIOException e) {
            // So has the folder.
            return;
        }
    }
}
