package dev.quern.gguf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds test data that may lie beside the checkout, in {@code ../shared}; a checkout that stands alone has none. */
public final class SharedFiles {
    private SharedFiles() {}

    /** The files with that ending in a folder of {@code shared}, sorted; none where the folder is missing. */
    public static List<Path> in(String folder, String ending) throws IOException {
        Optional<Path> shared = folder(folder);
        if (shared.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(shared.get())) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static Optional<Path> folder(String folder) {
        // Maven runs the tests of a module in the module's folder, below the root of the checkout.
        Path root = Path.of("").toAbsolutePath();
        while (root != null && !Files.exists(root.resolve("pom.xml"))) {
            root = root.getParent();
        }
        while (root != null
                && root.getParent() != null
                && Files.exists(root.getParent().resolve("pom.xml"))) {
            root = root.getParent();
        }
        return Optional.ofNullable(root)
                .map(found -> found.resolveSibling("shared").resolve(folder))
                .filter(Files::isDirectory);
    }
}
