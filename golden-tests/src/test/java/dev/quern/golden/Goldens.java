package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The golden files: where they are, how one is compared, how one is blessed. */
final class Goldens {
    private static final Path ROOT = Path.of("src", "test", "golden");
    private static final boolean BLESS = Boolean.getBoolean("quern.bless");
    private static final List<String> BLESSED = new ArrayList<>();

    private Goldens() {}

    /** All files, by path relative to the root of the goldens, sorted. */
    static List<String> all() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> ROOT.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the goldens cannot be listed; tests run in the folder of golden-tests", e);
        }
    }

    static String read(String path) {
        try {
            return Files.readString(ROOT.resolve(path), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be read", e);
        }
    }

    /** Compares the whole file with what it should be; with {@code -Dquern.bless=true} writes it instead. */
    static void check(String path, String actual) {
        // What is made here, not read, may have no file yet.
        String expected = Files.exists(ROOT.resolve(path)) ? read(path) : "";
        if (expected.equals(actual)) {
            return;
        }
        if (!BLESS) {
            fail(path + " differs from what came out:\n\n" + Difference.unified(expected, actual)
                    + "\nIf what came out is right:\n"
                    + "  ./mvnw -pl golden-tests -am test -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dtest='GoldenTest,KernelTest,ModelTest' -Dquern.bless=true");
        }
        try {
            Path file = ROOT.resolve(path);
            Files.createDirectories(file.resolveSibling(""));
            Files.writeString(file, actual, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be written", e);
        }
        BLESSED.add(path);
    }

    /** Fails if a file was blessed. */
    static void failIfBlessed() {
        if (!BLESSED.isEmpty()) {
            fail("blessed " + BLESSED.size() + " files:\n  " + String.join("\n  ", BLESSED)
                    + "\nLook at their differences, then run the tests again without -Dquern.bless=true.");
        }
    }

    /** The comment lines at the head of a text, each with its line end. */
    static String header(String text) {
        int end = 0;
        while (text.startsWith("//", end)) {
            int next = text.indexOf('\n', end);
            end = next < 0 ? text.length() : next + 1;
        }
        return text.substring(0, end);
    }

    /** What stands after {@code // name:} in the header, or the default. */
    static String setting(String text, String name, String otherwise) {
        return header(text)
                .lines()
                .filter(line -> line.startsWith("// " + name + ":"))
                .map(line -> line.substring(name.length() + 4).strip())
                .findFirst()
                .orElse(otherwise);
    }
}
