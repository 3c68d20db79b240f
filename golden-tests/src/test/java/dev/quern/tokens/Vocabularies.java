package dev.quern.tokens;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Vocabularies that may lie beside the checkout, in {@code ../shared/tokenizers}; a checkout that stands alone has
 * none.
 */
final class Vocabularies {
    private Vocabularies() {}

    /** A file there; the running test is skipped where it is missing. */
    static Path require(String name) {
        Path file = checkout().resolveSibling("shared").resolve("tokenizers").resolve(name);
        Assumptions.assumeTrue(
                Files.isRegularFile(file), () -> name + " does not lie in shared/tokenizers beside this checkout");
        return file;
    }

    /**
     * The root of the checkout: the highest folder above the one that tests run in, without gap, that has a pom.xml.
     */
    private static Path checkout() {
        Path here = Path.of("").toAbsolutePath();
        Path root = here;
        for (Path place = here; place != null && Files.exists(place.resolve("pom.xml")); place = place.getParent()) {
            root = place;
        }
        return Files.exists(root.resolve("pom.xml"))
                ? root
                : Assertions.fail("there is no pom.xml in " + here + "; tests run in the folder of a module");
    }
}
