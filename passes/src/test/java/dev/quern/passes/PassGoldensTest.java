package dev.quern.passes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.Reader;
import dev.quern.passes.memory.MemoryPlan;
import dev.quern.passes.memory.MemoryPlanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The golden files of passes and of memory plans, read by the module that they are about, so that what breaks a pass is
 * noticed beside it. golden-tests accepts changes and compares both sides with the interpreter.
 */
class PassGoldensTest {
    private static final Path ROOT = Path.of("..", "golden-tests", "src", "test", "golden");
    private static final String EXPECT = "// expect:\n";

    @TestFactory
    Stream<DynamicTest> passes() {
        return files("passes")
                .map(file -> DynamicTest.dynamicTest(file.toString(), () -> {
                    String text = read(file);
                    String before = text.substring(0, text.indexOf(EXPECT));
                    String names = setting(text, "run", "standard");
                    Pipeline standard = Pipelines.standard();
                    PassReport report = new PassReport();
                    Module after = (names.equals("standard") ? standard : standard.only(List.of(names.split(", *"))))
                            .run(Reader.read(file.toString(), before), report, PassObserver.NONE);
                    StringBuilder actual = new StringBuilder(Writer.write(after));
                    report.notes()
                            .forEach(note -> actual.append(note.done() ? "// done: " : "// left: ")
                                    .append(note)
                                    .append('\n'));
                    assertEquals(text.substring(before.length() + EXPECT.length()), actual.toString());
                }));
    }

    /**
     * Modules at the tensor stage are lowered by other modules before they are planned, and are left to golden-tests.
     */
    @TestFactory
    Stream<DynamicTest> memoryPlans() {
        return files("memory")
                .filter(file -> setting(read(file), "profile", "").isEmpty())
                .map(file -> DynamicTest.dynamicTest(file.toString(), () -> {
                    String text = read(file);
                    String before = text.substring(0, text.indexOf(EXPECT));
                    List<String> external =
                            List.of(setting(text, "external", "").split(", *"));
                    StringBuilder actual = new StringBuilder();
                    for (Function function :
                            Reader.read(file.toString(), before).functions()) {
                        MemoryPlan plan = MemoryPlanner.plan(
                                function,
                                Long.parseLong(setting(text, "align", "256")),
                                value -> external.contains(value.toString()));
                        actual.append("// @" + function.name() + ": "
                                + plan.certificate().summary() + "\n");
                        actual.append(plan.certificate()
                                .table()
                                .lines()
                                .map(line -> "//   " + line + "\n")
                                .collect(Collectors.joining()));
                    }
                    assertEquals(text.substring(before.length() + EXPECT.length()), actual.toString());
                }));
    }

    private static Stream<Path> files(String folder) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            List<Path> sorted = files.filter(Files::isRegularFile).sorted().toList();
            assertFalse(sorted.isEmpty(), folder);
            return sorted.stream();
        } catch (IOException e) {
            throw new UncheckedIOException("tests run in the folder of their module", e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands after {@code // name:} at the head, or the default. */
    private static String setting(String text, String name, String otherwise) {
        return text.lines()
                .takeWhile(line -> line.startsWith("//"))
                .filter(line -> line.startsWith("// " + name + ":"))
                .map(line -> line.substring(name.length() + 4).strip())
                .findFirst()
                .orElse(otherwise);
    }
}
