package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.CommandLineFixture.Outcome;
import dev.quern.ir.Module;
import dev.quern.ir.text.read.Reader;
import dev.quern.passes.FoldConstants;
import dev.quern.passes.Pass;
import dev.quern.passes.PassReport;
import dev.quern.passes.Pipeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code quern opt}: texts in, texts out, and errors at their lines. */
class OptTest {
    private static final String TEXT = """
            module "m" at tensor
            weight @gain : f32[8] {from = ["g"]}
            weight @w : f32[4, 8] {from = ["w"]}

            func @step(%x: f32[1, 8]) -> f32[1, 4] {
              %a = map (1.0 * %x) : f32[1, 8]
              %n = rms_norm %a, @gain {eps = 1.0e-5} : f32[1, 8]
              %logits = matmul %n, @w : f32[1, 4]
              return %logits
            }
            """;

    /** Forgets to declare the weights that it leaves in use. */
    private static final Pass HARMFUL = new Pass() {
        @Override
        public String name() {
            return "forget-weights";
        }

        @Override
        public Module run(Module module, PassReport report) {
            return module.with(List.of(), module.functions());
        }
    };

    /** Divides by zero. */
    private static final Pass CRASHING = new Pass() {
        @Override
        public String name() {
            return "crash";
        }

        @Override
        public Module run(Module module, PassReport report) {
            throw new ArithmeticException("/ by zero");
        }
    };

    @TempDir
    private Path folder;

    private CommandLineFixture quern;

    OptTest() {
        folder = Path.of("");
        quern = new CommandLineFixture(folder);
    }

    @BeforeEach
    void useFolder() {
        quern = new CommandLineFixture(folder.resolve("cache"));
    }

    @Test
    void withoutPassesTheSameTextComesBack() throws IOException {
        Outcome outcome = quern.run("opt", write(TEXT));
        assertEquals(new Outcome(0, TEXT, ""), outcome);
    }

    @Test
    void theResultCanGoToAFile() throws IOException {
        Path target = folder.resolve("out.qir");
        Outcome outcome = quern.run("opt", write(TEXT), "-o", target.toString());
        assertEquals(new Outcome(0, "", ""), outcome);
        assertEquals(TEXT, Files.readString(target));
        try (Stream<Path> files = Files.list(folder)) {
            assertTrue(files.noneMatch(file -> file.toString().contains("partial")), "nothing temporary is left");
        }
    }

    @Test
    void standardInputIsReadForAMinusSign() {
        byte[] text = ("// a comment\n" + TEXT).getBytes(StandardCharsets.UTF_8);
        assertEquals(new Outcome(0, TEXT, ""), quern.run(text, "opt", "-"));
        Outcome broken = quern.run("module".getBytes(StandardCharsets.UTF_8), "opt", "-");
        assertTrue(broken.err().startsWith("error: standard input:1:7: expected"), broken.err());
    }

    @Test
    void passesRunInTheOrderGiven() throws IOException {
        Outcome outcome = quern.run("opt", write(TEXT), "--passes", "fold-constants,fuse-norm,eliminate-dead-code");
        assertEquals(0, outcome.code(), outcome.err());
        assertEquals("""
                module "m" at tensor
                weight @gain : f32[8] {from = ["g"]}
                weight @w : f32[4, 8] {from = ["w"]}

                func @step(%x: f32[1, 8]) -> f32[1, 4] {
                  %logits = linear %x, @w {norm = @gain, eps = 1.0e-5} : f32[1, 4]
                  return %logits
                }
                """, outcome.out());
    }

    @Test
    void aPipelineCanBeCut() throws IOException {
        Outcome all = quern.run("opt", write(TEXT), "--pipeline", "standard");
        assertTrue(all.out().contains("linear"), all.out());
        Outcome one = quern.run("opt", write(TEXT), "--pipeline", "standard", "--pass-limit", "1");
        assertFalse(one.out().contains("map"), one.out());
        assertTrue(one.out().contains("rms_norm"), one.out());
        Outcome none = quern.run("opt", write(TEXT), "--pipeline", "standard", "--pass-limit", "0");
        assertEquals(TEXT, none.out());
    }

    @Test
    void afterEachPassThatChangedSomethingTheGraphCanBePrinted() throws IOException {
        Outcome outcome = quern.run("opt", write(TEXT), "--pipeline", "standard", "--print-after-all");
        List<String> heads =
                outcome.err().lines().filter(line -> line.startsWith("//")).toList();
        // How many passes there are between changes with every pass that is written.
        assertEquals(
                List.of("// after fold-constants (pass # of #)", "// after fuse-norm (pass # of #)"),
                heads.stream().map(head -> head.replaceAll("\\d+", "#")).toList());
        String last = outcome.err().substring(outcome.err().indexOf(heads.get(1)));
        assertEquals(outcome.out(), quern.run("opt", write(last)).out(), "each can be cut out and read");
    }

    @Test
    void passesAreTimed() throws IOException {
        Outcome outcome = quern.run("opt", write(TEXT), "--passes", "fold-constants,fuse-norm", "--time-passes");
        List<String> lines = outcome.err().lines().toList();
        assertEquals(4, lines.size(), outcome.err());
        assertTrue(lines.get(0).matches("PASS +NAME +CHANGED +MS +SHARE"), lines.get(0));
        assertTrue(lines.get(1).matches(" *1 +fold-constants +yes +\\d+\\.\\d{3} +\\d+\\.\\d %"), lines.get(1));
        assertTrue(lines.get(2).matches(" *2 +fuse-norm +yes +\\d+\\.\\d{3} +\\d+\\.\\d %"), lines.get(2));
        assertTrue(lines.get(3).matches(" +all +\\d+\\.\\d{3} +100\\.0 %"), lines.get(3));
    }

    @Test
    void graphsAreLowered() throws IOException {
        Outcome outcome = quern.run("opt", write(TEXT), "--compile-to=dispatch", "--profile", "portable");
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.out().startsWith("module \"m\" at dispatch\n"), outcome.out());
        assertTrue(
                outcome.out()
                        .contains("%logits = matmul %n, @w by matmul.group {lanes = 64, tiles = 4, tokens = 1} binds"),
                outcome.out());
        String lowered = write(outcome.out());
        assertEquals(outcome, quern.run("opt", lowered), "the text of the next stage is read too");
        Outcome passes = quern.run("opt", lowered, "--pipeline", "standard");
        assertEquals(2, passes.code());
        assertTrue(passes.err().contains("is of the stage dispatch: its kernels are chosen"), passes.err());
        Outcome raised = quern.run("opt", lowered, "--compile-to=tensor");
        assertEquals(2, raised.code());
        assertTrue(raised.err().contains("a graph is lowered, never raised"), raised.err());
    }

    @Test
    void whatHasNoKernelIsRefusedAtItsLine() throws IOException {
        String file = write(TEXT.replace("f32[4, 8]", "f32[4, 6]").replace("8]", "6]"));
        Outcome outcome = quern.run("opt", file, "--compile-to=dispatch", "--profile", "portable");
        assertEquals(new Outcome(1, "", "error: " + file + """
                :7:3: The vector @gain has 6 elements; kernels take up to 16384, a multiple of 4.
                    %n = rms_norm %a, @gain {eps = 1.0e-5} : f32[1, 6]
                    ^
                """), outcome);
    }

    @Test
    void aParameterThatNoRuntimeKnowsIsRefusedAtItsFunction() throws IOException {
        String file = write(TEXT);
        Outcome outcome = quern.run("opt", file, "--compile-to=plan", "--profile", "portable");
        assertEquals(1, outcome.code());
        assertTrue(
                outcome.err()
                        .startsWith(
                                "error: " + file + ":5:1: No runtime knows what to do with the parameter or result %x"),
                outcome.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "matmul.group | matmul.soup | :9:3: No kernel matmul.soup {lanes = 64, tiles = 4, tokens = 1} computes this; for the profile portable it is computed by matmul.group {",
                "tiles = 4 | tiles = 5 | :9:3: No kernel matmul.group {lanes = 64, tiles = 5, tokens = 1} computes this",
                "binds @w, %n | binds %n, @w | :9:3: For the profile portable this dispatch is expected to be",
                "binds @w, %n | binds @w, %n, %n | :9:3: For the profile portable this dispatch is expected to be",
                "grid [1, 1, 1] : f32[1, 4] | grid [2, 1, 1] : f32[1, 4] | :9:3: For the profile portable this dispatch",
                "%n, %logits grid | %n grid | :9:3: A kernel must bind each result once; %logits is bound nowhere.",
                "layout = row_tiles_8 | layout = plain | :4:1: For the profile portable this weight is expected to be",
            })
    void aDispatchIsWhatTheCompilerWouldWriteOrIsRefused(String found, String changed, String expected)
            throws IOException {
        String lowered = quern.run("opt", write(TEXT), "--compile-to=dispatch", "--profile", "portable")
                .out();
        assertTrue(lowered.contains(found), lowered);
        String file = write(lowered.replace(found, changed));
        Outcome outcome = quern.run("opt", file, "--compile-to=plan");
        assertEquals(1, outcome.code(), outcome.out());
        assertTrue(outcome.err().startsWith("error: " + file + expected), outcome.err());
        assertFalse(outcome.err().contains("\\n"), outcome.err());
    }

    @Test
    void whatIsExpectedStandsOverWhatIsThere() throws IOException {
        String lowered = quern.run("opt", write(TEXT), "--compile-to=dispatch", "--profile", "portable")
                .out();
        String right = lowered.lines()
                .filter(line -> line.contains("binds @w, %n"))
                .findFirst()
                .orElseThrow();
        String wrong = right.replace("binds @w, %n", "binds %n, @w");
        String file = write(lowered.replace(right, wrong));
        assertEquals(
                "error: " + file + ":9:3: For the profile portable this dispatch is expected to be\n" + right
                        + "\nand is\n" + wrong + "\n",
                quern.run("opt", file, "--compile-to=plan").err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu-vulkan", "cpu-swiftshader", "portable"})
    void chosenKernelsTellTheirProfile(String profile) throws IOException {
        String lowered = quern.run("opt", write(TEXT), "--compile-to=dispatch", "--profile", profile)
                .out();
        assertTrue(lowered.startsWith("module \"m\" at dispatch\nprofile \"" + profile + "\"\n"), lowered);
        assertEquals(new Outcome(0, lowered, ""), quern.run("opt", write(lowered), "--compile-to=dispatch"));
        String named = "profile \"" + profile + "\"";
        String unknown = write(lowered.replace(named, "profile \"cpu-abacus\""));
        assertFailed(
                quern.run("opt", unknown, "--compile-to=plan"),
                "are chosen for the profile 'cpu-abacus', which there is not; there are cpu-vulkan, ");
        String other = profile.equals("portable") ? "cpu-vulkan" : "portable";
        assertFailed(
                quern.run("opt", write(lowered), "--compile-to=plan", "--profile", other),
                "The kernels of this graph are chosen for the profile " + profile + ", not for " + other + ".");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rms_norm | rmsnorm | :7:8: there is no operation 'rmsnorm'",
                "%logits = | logits = | :8:10: expected ",
                "matmul %n | matmul %q | :8:",
                "-> f32[1, 4] { | -> f32[1, 4] ( | :5:40: expected ",
                "%n = rms_norm %a, @gain {eps = 1.0e-5} : f32[1, 8] | %n = rms_norm %a, @gain {eps = 1.0e-5} : f32[1, 9] | :7:",
                "f32[4, 8] | f32[4, 7] | :8:",
                "return %logits | return %n | :5:30: the types after the arrow"
            })
    void whatIsWrongIsSaidAtItsLine(String found, String changed, String expected) throws IOException {
        String file = write(TEXT.replace(found, changed));
        Outcome outcome = quern.run("opt", file);
        assertEquals(1, outcome.code(), outcome.err());
        assertTrue(outcome.err().startsWith("error: " + file + expected), outcome.err());
        assertTrue(outcome.err().lines().anyMatch(line -> line.strip().equals("^")), outcome.err());
        assertFalse(outcome.err().contains("\tat "), outcome.err());
        assertEquals("", outcome.out());
    }

    @Test
    void filesThatAreNoTextsAreRefused() throws IOException {
        assertFailed(quern.run("opt", folder.resolve("nowhere.qir").toString()), "There is no file ");
        assertFailed(quern.run("opt", folder.toString()), "is a folder; a file");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {'G', 'G', 'U', 'F', (byte) 0xff, 0});
        assertFailed(quern.run("opt", binary.toString()), "is no text in UTF-8");
        assertFailed(quern.run("opt", write("")), ":1:1: expected ");
    }

    @Test
    void aPassThatBreaksARuleIsNamedAndTheGraphBeforeItSaved() throws IOException {
        String file = write(TEXT);
        for (List<String> more : List.of(List.<String>of(), List.of("--verify-each"))) {
            Outcome outcome = broken(HARMFUL, file, more);
            assertEquals(1, outcome.code());
            List<String> lines = outcome.err().lines().toList();
            assertEquals("error: The pass forget-weights failed: its result breaks rules,", lines.get(0));
            assertEquals("after forget-weights:", lines.get(1));
            String command = lines.getLast();
            assertTrue(command.startsWith("  quern opt " + folder.resolve("cache") + "/failures/"), command);
            assertTrue(command.endsWith(".qir --passes forget-weights --verify-each"), command);
            assertFalse(outcome.err().contains("\tat "), outcome.err());
            String saved = command.split(" ", -1)[4];
            String text = Files.readString(Path.of(saved));
            assertTrue(text.startsWith("// The pass forget-weights failed"), text);
            assertTrue(text.contains("// " + command + "\n"), text);
            Module module = Reader.read(saved, text);
            assertEquals(Reader.read(file, TEXT.replace("%a, @", "%x, @")).weights(), module.weights());
            assertFalse(text.contains("map"), "the pass before it has run");
            assertEquals(
                    outcome.err(),
                    broken(HARMFUL, saved, List.of("--verify-each")).err(),
                    "the command repeats it");
        }
    }

    @Test
    void aPassThatThrowsIsNamedWithoutAStackTrace() throws IOException {
        Outcome outcome = broken(CRASHING, write(TEXT), List.of());
        assertEquals(1, outcome.code());
        assertTrue(outcome.err().startsWith("""
                error: The pass crash failed: java.lang.ArithmeticException: / by zero
                Set QUERN_DEBUG=1 to see where.
                """), outcome.err());
        assertTrue(outcome.err().contains("quern-failed-crash-"), outcome.err());
        assertFalse(outcome.err().contains("\tat "), outcome.err());
    }

    /** Runs a pipeline of a harmless pass and one that is broken on purpose. */
    private Outcome broken(Pass pass, String file, List<String> more) {
        Pipeline pipeline = new Pipeline(
                List.of(new Pipeline.Step(new FoldConstants(), "Harmless."), new Pipeline.Step(pass, "Broken.")));
        return quern.run(
                context -> new OptCommand(context, Map.of("broken", pipeline)),
                Stream.concat(Stream.of(file, "--pipeline", "broken"), more.stream())
                        .toArray(String[]::new));
    }

    private String write(String text) throws IOException {
        return Files.writeString(folder.resolve("m" + Integer.toHexString(text.hashCode()) + ".qir"), text)
                .toString();
    }

    private static void assertFailed(Outcome outcome, String expected) {
        assertEquals(1, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains(expected), outcome.err());
        assertFalse(outcome.err().contains("Exception"), outcome.err());
        assertEquals("", outcome.out());
    }
}
