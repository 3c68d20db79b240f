package dev.quern.ir.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Stage;
import dev.quern.ir.text.read.ReadException;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.text.read.Reading;
import dev.quern.ir.verify.Problem;
import dev.quern.ir.verify.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The golden files of the text form and of the verifier, read by the module that they are about; golden-tests accepts
 * changes. Files at the stage of plans have a reader of their own.
 */
class GoldenFilesTest {
    private static final Path ROOT = Path.of("..", "golden-tests", "src", "test", "golden");
    private static final String ERROR = "// error:\n";
    private static final String MARK = " // error: ";

    @TestFactory
    Stream<DynamicTest> whatIsReadIsWrittenAgain() {
        return tests("text", (name, text) -> {
            String head = text.lines()
                    .takeWhile(line -> line.startsWith("//"))
                    .map(line -> line + "\n")
                    .collect(Collectors.joining());
            assertEquals(text, head + Writer.write(Reader.read(name, text)));
        });
    }

    @TestFactory
    Stream<DynamicTest> whatIsRefusedIsRefusedInTheseWords() {
        return tests("errors", (name, text) -> {
            String before = text.substring(0, text.indexOf(ERROR));
            ReadException refused = assertThrows(ReadException.class, () -> Reader.readVerified(name, before));
            String message = String.valueOf(refused.getMessage())
                    .lines()
                    .map(line -> ("// " + line).stripTrailing() + "\n")
                    .collect(Collectors.joining());
            assertEquals(text.substring(before.length() + ERROR.length()), message);
        });
    }

    @TestFactory
    Stream<DynamicTest> problemsStandAtTheirLines() {
        return tests("verify", (name, text) -> {
            List<String> lines = new ArrayList<>(
                    text.lines().map(line -> line.split(MARK, 2)[0]).toList());
            Reading reading = Reader.readWithLines(name, String.join("\n", lines) + "\n");
            for (Problem problem : Verifier.problems(reading.module())) {
                int index = reading.at(problem).line() - 1;
                lines.set(index, lines.get(index) + MARK + problem.sentence());
            }
            assertEquals(text, String.join("\n", lines) + "\n");
        });
    }

    private interface Check {
        void run(String name, String text);
    }

    private static Stream<DynamicTest> tests(String folder, Check check) {
        List<Path> files;
        try (Stream<Path> found = Files.list(ROOT.resolve(folder))) {
            files = found.filter(file -> !ofAPlan(file)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("tests run in the folder of their module", e);
        }
        assertTrue(files.size() > 1, folder);
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(
                        file.toString(), () -> check.run(file.getFileName().toString(), read(file))));
    }

    private static boolean ofAPlan(Path file) {
        try {
            return Reader.stage(file.toString(), read(file)) == Stage.PLAN;
        } catch (ReadException unreadable) {
            return false;
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
