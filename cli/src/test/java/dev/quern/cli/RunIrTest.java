package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.CommandLineFixture.Outcome;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code quern run-ir}: what goes in, what comes out, and what is refused. */
class RunIrTest {
    private static final String DOUBLED = """
            module "doubled" at tensor
            symbol ?rows <= 8

            func @f(%x: f32[?rows, 2]) -> f32[?rows, 2] {
              %y = map (2.0 * %x) : f32[?rows, 2]
              return %y
            }
            """;

    private static final String PRODUCT = """
            module "product" at tensor
            weight @w : f32[2, 4] {from = ["w"]}

            func @step(%tokens: u32[1], %x: f32[1, 4], %s: state<f16[2, 4]>, %position: u32[1]) -> f32[1, 2], state<f16[2, 4]> {
              %y = matmul %x, @w : f32[1, 2]
              %s.1 = state_write %s, %x, %position : state<f16[2, 4]>
              return %y, %s.1
            }

            func @other(%x: f32[1, 4]) -> f32[1, 2] {
              %y = matmul %x, @w : f32[1, 2]
              return %y
            }
            """;

    @TempDir
    private Path folder;

    private CommandLineFixture quern;

    RunIrTest() {
        folder = Path.of("");
        quern = new CommandLineFixture(folder);
    }

    @BeforeEach
    void useFolder() {
        quern = new CommandLineFixture(folder.resolve("cache"));
    }

    @Test
    void numbersGoInAndComeOut() throws IOException {
        Outcome outcome = quern.run("run-ir", write(DOUBLED), "--input", "x=1,2,3,-0.25");
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.out().startsWith("RESULT  TYPE           SHAPE   MIN "), outcome.out());
        assertTrue(outcome.out().contains("[2, 2]"), outcome.out());
        assertTrue(outcome.out().endsWith("2 4 6 -0.500000\n"), outcome.out());
        assertEquals("", outcome.err(), "nothing was made up");
    }

    @Test
    void asJsonEveryNumberIsThere() throws IOException {
        Outcome outcome = quern.run("run-ir", write(DOUBLED), "--input", "%x=0.1,2", "--json", "--trace");
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.out().contains("\"numbers\": [0.2, 4.0]"), outcome.out());
        assertTrue(outcome.out().contains("\"shape\": [1, 2]"), outcome.out());
        assertTrue(outcome.out().contains("\"operation\": \"map\""), outcome.out());
    }

    @Test
    void whatIsNotGivenIsMadeUpFromASeed() throws IOException {
        String file = write(PRODUCT);
        Outcome first = quern.run("run-ir", file);
        assertEquals(0, first.code(), first.err());
        assertEquals(
                "Made up (seed 1): all weights at random; %tokens and %position as 0; %x at random; %s of zeros.\n",
                first.err());
        assertEquals(first, quern.run("run-ir", file, "--seed", "1"));
        assertNotEquals(first.out(), quern.run("run-ir", file, "--seed", "2").out());
        Outcome other = quern.run("run-ir", file, "--function", "other");
        assertEquals(line(first, "%y"), line(other, "%y"), "the same weights and numbers for the same names");
        Outcome sized = quern.run("run-ir", write(DOUBLED), "--symbol", "rows=5");
        assertTrue(sized.out().contains("[5, 2]"), sized.out());
    }

    @Test
    void manyThingsThatAreMadeUpAreCounted() throws IOException {
        StringBuilder parameters = new StringBuilder();
        for (int layer = 0; layer < 30; layer++) {
            parameters.append(", %keys").append(layer).append(": state<f16[4, 2]>");
        }
        String file = write(DOUBLED.replace("(%x: f32[?rows, 2]", "(%x: f32[?rows, 2]" + parameters));
        Outcome outcome = quern.run("run-ir", file);
        assertEquals(0, outcome.code(), outcome.err());
        assertEquals("Made up (seed 1): %x at random; 30 states of zeros.\n", outcome.err());
    }

    @Test
    void weightsComeFromAModel() throws IOException {
        String model = model("w", GgufTensorType.F32, 1, 2, 3, 4, 5, 6, 7, 8);
        Path inputs = Files.writeString(folder.resolve("inputs.json"), "{\"x\": [[1, 0.5], [0, 0]], \"position\": 1}");
        Outcome outcome =
                quern.run("run-ir", write(PRODUCT), "--weights", model, "--inputs", inputs.toString(), "--trace");
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(line(outcome, "%y").endsWith(" 2 8"), outcome.out());
        List<String> lines = outcome.out().lines().toList();
        assertTrue(lines.get(0).startsWith("VALUE  OPERATION "), lines.get(0));
        assertTrue(lines.get(1).startsWith("%y     matmul "), lines.get(1));
        assertTrue(lines.get(2).startsWith("%s.1   state_write "), lines.get(2));
        assertEquals("Made up (seed 1): %tokens as 0; %s of zeros.\n", outcome.err());
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        String file = write(PRODUCT);
        refused("has no function @g; it has @step, @other. Choose one with --function.", file, "--function", "g");
        refused("@step takes no %z; it takes %tokens: u32[1], %x: f32[1, 4], ", file, "--input", "z=1");
        refused("%x is f32[1, 4]: 4 numbers are expected, and 3 are given.", file, "--input", "x=1,2,3");
        refused("%position is u32[1], and -1.0 is no whole number from 0 on.", file, "--input", "position=-1");
        refused("has no symbol ?n; it has [?rows].", write(DOUBLED), "--symbol", "n=3");
        refused("?rows is from 1 to 8, not 9.", write(DOUBLED), "--symbol", "rows=9");
        refused("where ?rows is from 1 to 8: so many times 2 numbers are expected", write(DOUBLED), "--input", "x=1");
        refused("comes from the tensor w, and ", file, "--weights", model("v", GgufTensorType.F32, new float[8]));
        refused(
                "There is no file ",
                file,
                "--weights",
                folder.resolve("gone.gguf").toString());
    }

    @Test
    void inputFilesAreCheckedToo() throws IOException {
        Path inputs = Files.writeString(folder.resolve("inputs.json"), "{\"x\": [1, \"two\"]}");
        refused(
                "x: a number or a list of numbers is expected, found two.",
                write(DOUBLED),
                "--inputs",
                inputs.toString());
        Files.writeString(inputs, "[1]");
        refused("is no JSON object", write(DOUBLED), "--inputs", inputs.toString());
    }

    /** Which kernels compute it makes no difference: the interpreter runs what they compute. */
    @Test
    void aGraphOfKernelsIsRunByWhatItComputes() throws IOException {
        for (String text : List.of(PRODUCT, DOUBLED)) {
            String lowered = quern.run("opt", write(text), "--compile-to=dispatch", "--profile", "portable")
                    .out();
            assertTrue(lowered.contains(" by "), lowered);
            assertEquals(
                    quern.run("run-ir", write(text), "--json", "--trace").out(),
                    quern.run("run-ir", write(lowered), "--json", "--trace").out());
        }
    }

    private void refused(String expected, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "run-ir";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        Outcome outcome = quern.run(all);
        assertEquals(1, outcome.code(), outcome.out());
        assertTrue(outcome.err().contains(expected), outcome.err());
        assertFalse(outcome.err().contains("Exception"), outcome.err());
    }

    /** The last line for a value, whatever the widths of the columns. */
    private static String line(Outcome outcome, String start) {
        return outcome.out()
                .lines()
                .filter(line -> line.startsWith(start + " "))
                .toList()
                .getLast()
                .replaceAll(" +", " ");
    }

    private String model(String tensor, GgufTensorType type, float... numbers) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(numbers);
        byte[] file = new GgufWriter()
                .string("general.architecture", "abacus")
                .tensor(tensor, type, List.of(4L, 2L), data.array())
                .toBytes();
        return Files.write(folder.resolve("model-" + tensor + ".gguf"), file).toString();
    }

    private String write(String text) throws IOException {
        return Files.writeString(folder.resolve("m" + Integer.toHexString(text.hashCode()) + ".qir"), text)
                .toString();
    }
}
