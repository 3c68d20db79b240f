package dev.quern.codegen.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LinkerTest {
    private static final String MAIN = """
            // Doubles.
            // links: codec, twice
            @compute @workgroup_size(LANES)
            fn main(@builtin(local_invocation_index) lane: u32) {
                for (var index = lane; index < 0x1p4; index += LANES) {
                    y[index] = twice(decoded(index), Pair(1.0, 2e-3f)).first;
                }
            }
            """;

    private static final WgslFile CODEC = file("codec", """
            // gives: codec
            // Calls nothing(at) that is not there.
            const SCALE: f32 = 0.5;

            var<workgroup> seen: array<f32, LANES>;

            fn decoded(index: u32) -> f32 {
                const HALF = SCALE / 2.0;
                return bitcast<f32>(index) * HALF;
            }
            """);

    private static final WgslFile TWICE = file("twice", """
            struct Pair {
                first: f32,
                second: f32,
            }

            fn twice(value: f32, pair: Pair) -> Pair {
                return Pair(value + value, pair.second);
            }
            """);

    private static WgslFile file(String name, String text) {
        return WgslFile.of(name, text);
    }

    private static void check(WgslFile... files) {
        KernelDefinition definition = new KernelDefinition(
                "doubling",
                List.of(new Constant.Whole("LANES", 64)),
                List.of(Slot.readWrite("y", "f32")),
                List.of(),
                List.of(),
                List.of());
        Linker.check(definition, List.of(files));
    }

    private static void refused(String problem, WgslFile... files) {
        var refusal = assertThrows(IllegalStateException.class, () -> check(files));
        assertEquals("the kernel doubling does not link: " + problem, refusal.getMessage());
    }

    @Test
    void whatAFileDeclaresAndUsesIsRead() {
        assertEquals(Set.of("SCALE", "seen", "decoded"), CODEC.declared());
        assertEquals(Set.of("LANES"), CODEC.used());
        assertEquals(Set.of("codec"), CODEC.parts());
        assertEquals(Set.of("Pair", "twice"), TWICE.declared());
        assertEquals(Set.of(), TWICE.used());
        WgslFile main = file("main", MAIN);
        assertEquals(Set.of("main"), main.declared());
        assertEquals(Set.of("LANES", "twice", "decoded", "Pair"), main.used());
        assertEquals(Set.of("codec", "twice"), main.links());
    }

    @Test
    void whatAFileGivesIsNotPrinted() {
        assertEquals(MAIN, file("main", MAIN).text());
        assertEquals(
                "// Calls nothing(at) that is not there.",
                CODEC.text().lines().findFirst().orElseThrow());
    }

    @Test
    void filesThatFitAreLinked() {
        check(CODEC, TWICE, file("main", MAIN));
    }

    @Test
    void aMissingFunctionIsNamedWithTheFileThatUsesIt() {
        refused(
                "main.wgsl uses 'decoded', which none of its files declares: other.wgsl, twice.wgsl",
                file("other", "// gives: codec\nfn encoded() {}\n"),
                TWICE,
                file("main", MAIN));
    }

    @Test
    void aMissingConstantIsFoundToo() {
        refused(
                "late.wgsl uses 'CHUNK', which none of its files declares: ",
                file("late", "fn main() { let at = CHUNK * 2u; }"));
    }

    @Test
    void aFunctionThatTwoFilesDeclareIsNamedWithBoth() {
        refused(
                "'decoded' is declared twice, in codec.wgsl and in again.wgsl",
                CODEC,
                file("again", "fn decoded() {}\n"));
    }

    @Test
    void whatTheDefinitionPrintsCountsAsDeclared() {
        refused("'LANES' is declared twice, in the kernel's constants and in a.wgsl", file("a", "const LANES = 8u;\n"));
        refused("'y' is declared twice, in the kernel's bindings and in a.wgsl", file("a", "fn y() {}\n"));
    }

    @Test
    void aPartIsGivenByOneFile() {
        refused("the part 'codec' is given twice, by codec.wgsl and by b.wgsl", CODEC, file("b", "// gives: codec\n"));
    }

    @Test
    void whatAFileLinksAnotherGives() {
        refused(
                "main.wgsl links 'codec', which no other of its files gives: twice.wgsl, decoding.wgsl",
                TWICE,
                file("decoding", "fn decoded(index: u32) -> f32 { return 1.0; }\n"),
                file("main", MAIN));
    }
}
