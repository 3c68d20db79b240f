package dev.quern.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * No line of Java is over 120 columns. A line that holds a string, or lies in one, is exempt: the formatter does not
 * divide strings, and what people read is easier to find whole.
 */
final class WidthTest {
    private static final int WIDTH = 120;
    private static final Path ROOT = Path.of("..");

    /** What is built or installed, and no source of this project. */
    private static final Set<String> FOREIGN = Set.of("target", "build", "node_modules", "dist", "dist-page", ".git");

    @Test
    void noLineIsWide() throws IOException {
        List<Path> files = sources();
        assertTrue(files.size() > 600, "sources found: " + files.size());
        List<String> wide = new ArrayList<>();
        for (Path file : files) {
            wide.addAll(wideLines(file));
        }
        assertEquals(List.of(), wide);
    }

    private static List<Path> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return FOREIGN.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.getFileName().toString().endsWith(".java")) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files.stream().sorted().toList();
    }

    private static List<String> wideLines(Path file) {
        List<String> wide = new ArrayList<>();
        boolean inText = false;
        int number = 0;
        for (String line : read(file)) {
            number++;
            boolean exempt = inText || (!isComment(line) && line.contains("\""));
            if (line.codePointCount(0, line.length()) > WIDTH && !exempt) {
                wide.add(ROOT.relativize(file) + ":" + number);
            }
            inText ^= opensOrCloses(line);
        }
        return wide;
    }

    private static boolean isComment(String line) {
        String start = line.strip();
        return start.startsWith("*") || start.startsWith("//") || start.startsWith("/*");
    }

    /** Whether a text of several lines begins or ends on this one. */
    private static boolean opensOrCloses(String line) {
        String mark = "\"\"\"";
        if (isComment(line)) {
            return false;
        }
        int marks = 0;
        for (int at = line.indexOf(mark); at >= 0; at = line.indexOf(mark, at + mark.length())) {
            marks++;
        }
        return marks % 2 == 1;
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
