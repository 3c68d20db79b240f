package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.CommandLineFixture.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code quern bisect} on modules, and what {@code bisect} and {@code explain} refuse. */
class BisectCommandTest {
    private static final String MODULE = """
            module "two products" at tensor
            weight @norm : f32[8] {from = ["norm"]}
            weight @w : q8_0[32, 32] {from = ["w"]}
            weight @v : f32[8, 32] {from = ["v"]}

            func @f(%x: f32[1, 32]) -> f32[1, 8] {
              %a = matmul %x, @w : f32[1, 32]
              %b = map (%x + %a) : f32[1, 32]
              %c = matmul %b, @v : f32[1, 8]
              %d = rms_norm %c, @norm {eps = 1.0e-5} : f32[1, 8]
              return %d
            }
            """;

    @TempDir
    private Path folder;

    private CommandLineFixture quern;

    BisectCommandTest() {
        folder = Path.of("");
        quern = new CommandLineFixture(folder);
    }

    @BeforeEach
    void useFolder() {
        quern = new CommandLineFixture(folder.resolve("cache"));
    }

    @Test
    void aModuleOnWhichThePassesAgree() throws IOException {
        Path file = Files.writeString(folder.resolve("m.qir"), MODULE);
        Outcome outcome = quern.run("bisect", file.toString());
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.out().contains("agree with the reference: every bit, limit 1.0E-10."), outcome.out());
        assertTrue(
                outcome.out().contains("kernels   Not compared. A module without its model's weights"), outcome.out());
        Outcome json = quern.run("bisect", file.toString(), "--json");
        assertTrue(json.out().contains("\"agrees\": true"), json.out());
        assertTrue(json.out().contains("\"verdict\": \"skipped\""), json.out());
    }

    @Test
    void aModuleThatCannotBeRead() throws IOException {
        Path file = Files.writeString(folder.resolve("m.qir"), MODULE.replace("map (", "mop ("));
        Outcome outcome = quern.run("bisect", file.toString());
        assertEquals(1, outcome.code());
        assertTrue(outcome.err().contains("m.qir:8:"), outcome.err());
    }

    @Test
    void aModuleThatBreaksARule() throws IOException {
        Path file = Files.writeString(folder.resolve("m.qir"), MODULE.replace("%x + %a", "%x + %c"));
        Outcome outcome = quern.run("bisect", file.toString());
        assertEquals(1, outcome.code());
        assertTrue(outcome.err().contains("%c"), outcome.err());
        assertTrue(!outcome.err().contains("This should not have happened"), outcome.err());
    }

    @Test
    void tokensAreForModels() throws IOException {
        Path file = Files.writeString(folder.resolve("m.qir"), MODULE);
        Outcome outcome = quern.run("bisect", file.toString(), "--tokens", "1");
        assertEquals(2, outcome.code());
        assertTrue(outcome.err().contains("inputs that are made up"), outcome.err());
    }

    @Test
    void bundlesHoldNoReasons() throws IOException {
        Path bundle = Files.createDirectory(folder.resolve("bundle"));
        Outcome bisect = quern.run("bisect", bundle.toString());
        assertEquals(2, bisect.code());
        assertTrue(bisect.err().contains("quern verify --device"), bisect.err());
        Outcome explain = quern.run("explain", bundle.toString());
        assertEquals(2, explain.code());
        assertTrue(explain.err().contains("not why"), explain.err());
    }
}
