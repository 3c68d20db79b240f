package dev.quern.cli.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** Helps to write under a temporary name and to move what is complete to its place. */
public final class Staging {
    private Staging() {}

    /** Moves a file to its final name in the same folder, replacing what is there in one step. */
    public static void moveInto(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Deletes a file or a folder with all in it, if it is there. */
    public static void deleteAll(Path path) throws IOException {
        if (Files.isDirectory(path) && !Files.isSymbolicLink(path)) {
            try (Stream<Path> entries = Files.list(path)) {
                for (Path entry : entries.toList()) {
                    deleteAll(entry);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    /** The bytes of all files under a folder; files that come and go meanwhile do not matter. */
    static long bytesUnder(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(Staging::bytesOf).sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private static long bytesOf(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
