package dev.quern.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the modules to what {@code ARCHITECTURE.md} says of them. */
final class BoundariesTest {
    private static final JavaClasses CLASSES = ProductClasses.ALL;

    private static final String[] BROWSER_SAFE = {
        "dev.quern.ir",
        "dev.quern.ir.text",
        "dev.quern.ir.verify",
        "dev.quern.gguf..",
        "dev.quern.passes..",
        "dev.quern.codegen..",
        "dev.quern.plan",
        "dev.quern.plan.bundle..",
        "dev.quern.plan.json..",
        "dev.quern.plan.verify..",
        "dev.quern.text..",
        "dev.quern.compiler..",
        "dev.quern.runtime",
        "dev.quern.runtime.chat.."
    };

    private static GivenClassesConjunction noneOfTheBrowserSafe() {
        return noClasses().that().resideInAnyPackage(BROWSER_SAFE);
    }

    @Test
    void whatIsLookedAtIsThere() {
        assertTrue(CLASSES.size() > 300, "classes found: " + CLASSES.size());
        for (String each : List.of("dev.quern.ir.Op", "dev.quern.gguf.GgufReader", "dev.quern.runtime.Executor")) {
            assertTrue(CLASSES.contain(each), each);
        }
    }

    @Test
    void browserSafeModulesAskNothingOfAnOperatingSystem() {
        noneOfTheBrowserSafe()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.lang.foreign..",
                        "java.lang.reflect..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.net..",
                        "java.security..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.io.File.class, Thread.class, ProcessBuilder.class)
                .because("a page has no files, libraries, sockets or threads to offer")
                .check(CLASSES);
    }

    @Test
    void browserSafeModulesAvoidWhatTheBrowserBuildGetsWrong() {
        noneOfTheBrowserSafe()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.regex..", "java.util.concurrent..", "java.util.random..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.util.Random.class, java.util.SplittableRandom.class, java.util.Formatter.class)
                .orShould()
                .callMethod(String.class, "format", String.class, Object[].class)
                .orShould()
                .callMethod(String.class, "formatted", Object[].class)
                .orShould()
                .callMethod(java.nio.ByteBuffer.class, "getLong", int.class)
                .because("TeaVM lacks them, or computes something else")
                .check(CLASSES);
    }

    @Test
    void theTwoHalvesMeetInThePlanAlone() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.quern.runtime..", "dev.quern.text..", "dev.quern.plan..", "dev.quern.bundle..")
                .and()
                .resideOutsideOfPackage("dev.quern.plan.text..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.quern.ir..",
                        "dev.quern.gguf..",
                        "dev.quern.passes..",
                        "dev.quern.codegen..",
                        "dev.quern.compiler..")
                .because("a runtime executes plans and knows nothing of the compiler")
                .check(CLASSES);
    }

    @Test
    void onlyToolsReadPlansAsText() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.quern.plan.text..", "dev.quern.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.quern.plan.text..")
                .because("a runtime reads plans from bundles, and the text form leads to the compiler's side")
                .check(CLASSES);
    }

    @Test
    void onlyTheReaderKnowsTheParserGenerator() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.quern.ir.text.read..", "dev.quern.webgpugen..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.antlr..")
                .because("the parser is no part of the core")
                .check(CLASSES);
    }

    @Test
    void nothingDependsOnTheCommand() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.quern.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.quern.cli..", "picocli..")
                .check(CLASSES);
    }

    @Test
    void onlyThePrintersSpellWgsl() throws IOException {
        Path sources = Path.of("..", "codegen-wgsl", "src", "main", "java");
        try (Stream<Path> files = Files.walk(sources)) {
            List<String> spellers = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(BoundariesTest::spellsWgsl)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
            assertEquals(List.of("KernelPrinter.java", "PointwisePrinter.java"), spellers);
        }
    }

    private static boolean spellsWgsl(Path file) {
        try {
            String text = Files.readString(file);
            return Stream.of("\"@group", "\"@compute", "\"fn ", "\"var<", "\"const ")
                    .anyMatch(text::contains);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
