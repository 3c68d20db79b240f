package dev.quern.passes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Module;
import dev.quern.ir.Weight;
import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.Reader;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What each pass leaves alone, as its documentation says, and what it says about that. Each case is one change away
 * from one that is rewritten.
 */
class WhenNotTest {
    private static final String ROPE =
            " {head_size = 8, rotary = 8, base = 10000.0, scale = 1.0, pairing = halves, factors = @factors} : ";

    private static final String PARTS = """
        module "m" at tensor
        weight @factors : f32[4] {from = ["factors"]}
        weight @others : f32[4] {from = ["others"]}

        func @f(%qkv: f32[2, 64], %x: f32[2, 16], %p: u32[1], %o: u32[1], %keys: state<f16[16, 16]>, %values: state<f16[16, 16]>) -> f32[2, 32] {
          %q = columns %qkv {start = 0, extent = 32} : f32[2, 32]
          %k = columns %qkv {start = 32, extent = 16} : f32[2, 16]
          %v = columns %qkv {start = 48, extent = 16} : f32[2, 16]
          %q1 = rope %q, %pROPEf32[2, 32]
          %k1 = rope %k, %pROPEf32[2, 16]
          %keys1 = state_write %keys, %k1, %p : state<f16[16, 16]>
          %values1 = state_write %values, %v, %p : state<f16[16, 16]>
          %y = attention %q1, %keys1, %values1, %p {heads = 4, key_value_heads = 2, scale = 0.35} : f32[2, 32]
          return %y
        }
        """.replace("ROPE", ROPE);

    private static final String GATE = """
        module "m" at tensor
        weight @w : f32[64, 32] {from = ["w"]}
        weight @v : f32[64, 32] {from = ["v"]}

        func @f(%x: f32[2, 32], %z: f32[2, 64], %r: f32[2, 64]) -> f32[2, 32] {
          %m = matmul %x, @w : f32[2, 64]
          %n = matmul %x, @v : f32[2, 64]
          %gate = columns %m {start = 0, extent = 32} : f32[2, 32]
          %up = columns %m {start = 32, extent = 32} : f32[2, 32]
          %y = map (silu(%gate) * %up) : f32[2, 32]
          return %y
        }
        """;

    private static final String PROJECTIONS = """
        module "m" at tensor
        weight @q : f32[16, 16] {from = ["q"]}
        weight @k : f32[16, 16] {from = ["k"]}
        weight @v : f32[16, 16] {from = ["v"]}

        func @f(%x: f32[2, 16], %z: f32[2, 16], %p: u32[1], %keys: state<f16[16, 16]>, %values: state<f16[16, 16]>) -> f32[2, 16] {
          %a = matmul %x, @q : f32[2, 16]
          %b = matmul %x, @k : f32[2, 16]
          %c = matmul %x, @v : f32[2, 16]
          %keys1 = state_write %keys, %b, %p : state<f16[16, 16]>
          %values1 = state_write %values, %c, %p : state<f16[16, 16]>
          %y = attention %a, %keys1, %values1, %p {heads = 2, key_value_heads = 2, scale = 0.35} : f32[2, 16]
          return %y
        }
        """;

    private static final String NORM = """
        module "m" at tensor
        weight @gain : f32[8] {from = ["gain"]}
        weight @w : f32[8, 8] {from = ["w"]}
        weight @v : f32[8, 8] {from = ["v"]}

        func @f(%x: f32[8, 8]) -> f32[8, 8] {
          %n = rms_norm %x, @gain {eps = 1.0e-5} : f32[8, 8]
          %y = matmul %n, @w : f32[8, 8]
          return %y
        }
        """;

    private static final String SUM = """
        module "m" at tensor
        weight @w : f32[8, 8] {from = ["w"]}

        func @f(%x: f32[8, 8], %h: f32[8, 8]) -> f32[8, 8] {
          %m = matmul %x, @w : f32[8, 8]
          %y = map (%h + %m) : f32[8, 8]
          return %y
        }
        """;

    @Test
    void theCasesThatAreChangedBelowAreRewrittenAsTheyStand() {
        assertNotEquals(read(PARTS), new FusePlaceHeads().run(read(PARTS)));
        assertNotEquals(read(GATE), new FuseFinish().run(read(GATE)));
        assertNotEquals(read(PROJECTIONS), new MergeProjections().run(read(PROJECTIONS)));
        assertNotEquals(read(NORM), new FuseNorm().run(read(NORM)));
        assertNotEquals(read(SUM), new FuseFinish().run(read(SUM)));
    }

    /** Rows of one product have one input: whichever product has another stays apart, and the other two are merged. */
    @Test
    void projectionsOfDifferentInputsStayApart() {
        for (List<String> each : List.of(List.of("q", "kv"), List.of("k", "qv"), List.of("v", "qk"))) {
            String odd = "@" + each.getFirst();
            Module after = new MergeProjections().run(read(PROJECTIONS.replace("%x, " + odd, "%z, " + odd)));
            assertEquals(Set.of(each.getFirst(), each.getLast()), names(after));
        }
        String gate = """
            module "m" at tensor
            weight @gate : f32[4, 4] {from = ["gate"]}
            weight @up : f32[4, 4] {from = ["up"]}

            func @f(%x: f32[2, 4], %z: f32[2, 4]) -> f32[2, 4] {
              %g = matmul %x, @gate : f32[2, 4]
              %u = matmul %z, @up : f32[2, 4]
              %y = map (silu(%g) * %u) : f32[2, 4]
              return %y
            }
            """;
        left(
                new MergeProjections(),
                gate,
                "@f, %y: No two of its inputs are products of one value, each with a weight of its own.");
        assertNotEquals(
                read(gate.replace("matmul %z", "matmul %x")),
                new MergeProjections().run(read(gate.replace("matmul %z", "matmul %x"))),
                "of one input they are merged");
    }

    @Test
    void projectionsThatAreNoProductsWithWeightsOfTheirOwnStayApart() {
        String apart = PROJECTIONS.replace("matmul %x, @v", "matmul %z, @v");
        String why = "@f, %y: No two of its inputs are products of one value, each with a weight of its own.";
        left(new MergeProjections(), apart.replace("attention %a", "attention %x"), why);
        left(new MergeProjections(), apart.replace("matmul %x, @k", "matmul %x, @q"), why);
        left(
                new MergeProjections(),
                apart.replace("%keys1, %values1, %p {", "%other, %values1, %p {")
                        .replace("%z: f32[2, 16],", "%z: f32[2, 16], %other: state<f16[16, 16]>,"),
                why);
        left(
                new MergeProjections(),
                apart.replace("f16[16, 16]>) ->", "f16[16, 16]>, %m: f32[16, 16]) ->")
                        .replace("%x, @k", "%x, %m"),
                why);
        left(
                new MergeProjections(),
                PROJECTIONS.replace("matmul %x, @k", "matmul %x, @q"),
                "[@q, @v]: @q also has a use outside such a group.");
    }

    /** A merged weight would be stored twice, or would have two encodings. */
    @Test
    void weightsThatCannotBecomeRowsOfOneStayApart() {
        left(
                new MergeProjections(),
                PROJECTIONS
                        .replace("@v : f32[16, 16]", "@v : f16[16, 16]")
                        .replace("@k : f32[16, 16]", "@k : bf16[16, 16]"),
                "[@q, @k, @v]: Their encodings differ: @q is f32, @k is bf16, @v is f16.");
        left(
                new MergeProjections(),
                PROJECTIONS.replace("  %y =", "  %d = matmul %z, @k : f32[2, 16]\n  %y ="),
                "[@q, @k, @v]: @k also has a use outside such a group.");
    }

    private static Set<String> names(Module module) {
        return module.weights().stream().map(Weight::name).collect(Collectors.toSet());
    }

    /** Two attentions on the same projections are one group: its products are computed once. */
    @Test
    void aProductIsInOneGroupOnly() {
        String twice = PROJECTIONS.replace("  return %y", """
            %second = attention %a, %keys1, %values1, %p {heads = 2, key_value_heads = 2, scale = 0.5} : f32[2, 16]
            %sum = map (%y + %second) : f32[2, 16]
            return %sum\
            """);
        Module after = new MergeProjections().run(read(twice));
        assertEquals(List.of("qkv"), after.weights().stream().map(w -> w.name()).toList());
        long products = after.functions().getFirst().body().stream()
                .filter(s -> s.op() instanceof dev.quern.ir.TensorOp.MatMul)
                .count();
        assertEquals(1, products);
    }

    @Test
    void namesThatAreTakenAreNotGivenToWhatIsMerged() {
        String taken = PROJECTIONS
                .replace("weight @q :", "weight @qkv : f32[16, 16] {from = [\"t\"]}\nweight @q :")
                .replace("  %a =", "  %abc = matmul %x, @qkv : f32[2, 16]\n  %a =")
                .replace("return %y", "%t = map (%y + %abc) : f32[2, 16]\n  return %t");
        Module after = new MergeProjections().run(read(taken));
        assertEquals(
                List.of("qkv", "qkv.1"),
                after.weights().stream().map(w -> w.name()).toList());
        assertEquals(
                "abc.1", after.functions().getFirst().body().get(1).result().name());
    }

    @Test
    void headsThatAreNotRotatedAlikeStayWhereTheyAre() {
        FusePlaceHeads pass = new FusePlaceHeads();
        String alike = "@f, %y: Query and key are not rotated alike.";
        left(pass, PARTS.replace("rope %q, %p" + ROPE, "rope %q, %p" + ROPE.replace("@factors", "@others")), alike);
        left(pass, PARTS.replace("rope %q, %p" + ROPE, "rope %q, %p" + ROPE.replace("halves", "adjacent")), alike);
        left(pass, PARTS.replace("rope %q, %p" + ROPE, "rope %q, %p" + ROPE.replace("1.0,", "0.5,")), alike);
        left(pass, PARTS.replace("attention %q1,", "attention %q,"), alike);
        left(pass, PARTS.replace("%keys, %k1,", "%keys, %k,"), alike);
        String position = "@f, %y: Query and key are rotated for another position than the attention's.";
        left(pass, PARTS.replace("rope %q, %p", "rope %q, %o"), position);
        left(pass, PARTS.replace("rope %k, %p", "rope %k, %o"), position);
        left(
                pass,
                PARTS.replace("head_size = 8, rotary = 8", "head_size = 16, rotary = 8"),
                "@f, %y: The heads that are rotated are not those of the attention.");
        left(
                pass,
                PARTS.replace("  %values1 =", "  %v1 = rope %v, %p" + ROPE + "f32[2, 16]\n  %values1 =")
                        .replace("%values, %v,", "%values, %v1,"),
                "@f, %y: The values are rotated.");
    }

    @Test
    void headsThatAreWrittenElsewhereStayWhereTheyAre() {
        FusePlaceHeads pass = new FusePlaceHeads();
        left(
                pass,
                PARTS.replace("%k1, %p :", "%k1, %o :"),
                "@f, %y: The keys are written at another position than the attention's.");
        left(
                pass,
                PARTS.replace("%v, %p :", "%v, %o :"),
                "@f, %y: The values are written at another position than the attention's.");
        String here = "@f, %y: Its keys and values are not both written here.";
        String given = PARTS.replace("%x: f32[2, 16],", "%x: f32[2, 16], %old: state<f16[16, 16]>,");
        left(pass, given.replace("%keys1, %values1, %p {", "%old, %values1, %p {"), here);
        left(pass, given.replace("%keys1, %values1, %p {", "%keys1, %old, %p {"), here);
        left(
                pass,
                PARTS.replace("f32[2, 64], %x", "f32[2, 64], %one: f32[1, 16], %x")
                        .replace("%values, %v,", "%values, %one,"),
                "@f, %y: Query, key and value do not have the same rows.");
    }

    /** A second attention on the same keys and values reads what the first has put into place. */
    @Test
    void headsAreInOnePlaceOnly() {
        String second = PARTS.replace(
                "  return %y",
                "  %z = attention %q1, %keys1, %values1, %p {heads = 4, key_value_heads = 2, scale = 0.5} : f32[2, 32]\n"
                        + "  return %z");
        Module after = new FusePlaceHeads().run(read(second));
        assertEquals(3, after.functions().getFirst().body().size());
        left(
                new FusePlaceHeads(),
                Writer.write(after),
                "@f, %y: Its keys and values are not both written here.\nfuse-place-heads: @f, %z: Its keys and values are not both written here.");
    }

    @Test
    void rotatedKeysWithAnotherUseAreComputedAnyway() {
        left(
                new FusePlaceHeads(),
                PARTS.replace("  return", "  %other = map (2.0 * %k1) : f32[2, 16]\n  return"),
                "@f, %y: %k1 has another use.");
    }

    /** What another statement needs too is not taken away; the heads are put into place from there. */
    @Test
    void columnsWithAnotherUseAreReadAsTheyAre() {
        for (String part : List.of("q", "k", "v")) {
            Module after = new FusePlaceHeads()
                    .run(read(PARTS.replace(
                            "  return",
                            "  %other = map (2.0 * %" + part + ") : f32[2, " + (part.equals("q") ? 32 : 16)
                                    + "]\n  return")));
            String text = Writer.write(after);
            assertTrue(text.contains("%" + part + " = columns %qkv"), text);
            assertTrue(text.contains("place_heads"), text);
            assertFalse(text.contains("rope"), text);
        }
    }

    /** The fused operation stands where the last of its parts stood; nothing before may need its results. */
    @Test
    void resultsThatAreNeededBeforeTheLastPartStayApart() {
        String write = "  %values1 = state_write %values, %v, %p : state<f16[16, 16]>\n";
        String early =
                "  %e = attention %x, %keys1, %old, %p {heads = 2, key_value_heads = 2, scale = 0.35} : f32[2, 16]\n";
        left(
                new FusePlaceHeads(),
                PARTS.replace(write, early + write)
                        .replace("%x: f32[2, 16],", "%x: f32[2, 16], %old: state<f16[16, 16]>,"),
                "@f, %e: Its keys and values are not both written here.\n"
                        + "fuse-place-heads: @f, %y: %keys1 is used before all parts are there.");
        Module late = read(PARTS.replace(write, write + early)
                .replace("%x: f32[2, 16],", "%x: f32[2, 16], %old: state<f16[16, 16]>,"));
        assertNotEquals(late, new FusePlaceHeads().run(late), "after the last part they may be used");
    }

    /** A query that nothing was done to gets a place of its own. */
    @Test
    void queriesAsTheyAreArePlacedBesideWhatTheyWere() {
        String plain = PARTS.replace("attention %q1,", "attention %w,")
                .replace("%keys, %k1,", "%keys, %x,")
                .replace("%x: f32[2, 16],", "%x: f32[2, 16], %w: f32[2, 32],");
        String text = Writer.write(new FusePlaceHeads().run(read(plain)));
        assertTrue(text.contains("%w_placed, %keys1, %values1 = place_heads %w, %p, %keys, %values"), text);
        assertTrue(text.contains("attention %w_placed, %keys1"), text);
    }

    @Test
    void partsThatAreNoHalvesOfOneProductStayApart() {
        FuseFinish pass = new FuseFinish();
        String half = " is not a half of the product %m.";
        left(pass, GATE.replace("{start = 0,", "{start = 1,"), "@f, %y: %gate" + half);
        left(pass, GATE.replace("{start = 32,", "{start = 31,"), "@f, %y: %up" + half);
        left(
                pass,
                GATE.replace("%m {start = 32, extent = 32} : f32[2, 32]", "%m {start = 31, extent = 31} : f32[2, 31]")
                        .replace("%m {start = 0, extent = 32} : f32[2, 32]", "%m {start = 0, extent = 31} : f32[2, 31]")
                        .replace("silu(%gate) * %up) : f32[2, 32]", "silu(%gate) * %up) : f32[2, 31]")
                        .replace("-> f32[2, 32]", "-> f32[2, 31]"),
                "@f, %y: %gate" + half);
        left(
                pass,
                GATE.replace("extent = 32} : f32[2, 32]", "extent = 16} : f32[2, 16]")
                        .replace("silu(%gate) * %up) : f32[2, 32]", "silu(%gate) * %up) : f32[2, 16]")
                        .replace("-> f32[2, 32]", "-> f32[2, 16]"),
                "@f, %y: %gate" + half);
        Module two = read(GATE.replace("  %gate = columns %m {start = 0, extent = 32} : f32[2, 32]\n", "")
                .replace("silu(%gate)", "silu(%x)"));
        assertNotEquals(two, pass.run(two), "the other half may have no use");
    }

    @Test
    void halvesWithAnotherUseAreComputedAnyway() {
        for (String value : List.of("m", "gate", "up")) {
            Module module = read(GATE.replace(
                    "  return", "  %other = columns %" + value + " {start = 0, extent = 1} : f32[2, 1]\n  return"));
            PassReport report = new PassReport();
            assertEquals(module, new FuseFinish().run(module, report), value);
            assertEquals(
                    "fuse-finish: @f, %y: "
                            + (value.equals("m")
                                    ? "The product %m has another use."
                                    : "%" + value + ", a part of the product %m, has another use."),
                    report.notes().getFirst().toString());
        }
    }

    @Test
    void whatIsNoProductHasNoParts() {
        FuseFinish pass = new FuseFinish();
        left(pass, GATE.replace("columns %m", "columns %z"), "@f, %y: It reads no product and no norm.");
        left(
                pass,
                GATE.replace("%m = matmul %x, @w", "%m = linear %x, @w {finish = (%r + #0)}"),
                "@f, %y: %m is not a plain product with a weight.");
        Module normed = read(GATE.replace("weight @w", "weight @g : f32[32] {from = [\"g\"]}\nweight @w")
                .replace("%m = matmul %x, @w", "%m = linear %x, @w {norm = @g, eps = 1.0e-5}"));
        assertNotEquals(normed, pass.run(normed), "a norm does not stand in the way");
    }

    @Test
    void normsWithAUseThatIsNoProductsInputAreComputedAnyway() {
        FuseNorm pass = new FuseNorm();
        left(pass, NORM.replace("@gain : f32[8]", "@gain : f32[4]"), "@f, %n: It normalises groups of columns.");
        String other = "@f, %n: It has a use that is not the input of a product, among ";
        left(pass, NORM.replace("return %y", "return %n"), other + "%y, the results of the function.");
        left(pass, NORM.replace("return", "%z = map (%n + %y) : f32[8, 8]\n  return"), other + "%y, %z.");
        left(pass, NORM.replace("matmul %n, @w", "linear %n, @w {finish = (%n + #0)}"), other + "%y.");
        left(pass, NORM.replace("matmul %n, @w", "matmul %n, %n"), other + "%y.");
        left(pass, NORM.replace("matmul %n, @w", "linear %n, @w {norm = @gain, eps = 1.0e-5}"), other + "%y.");
        left(pass, NORM.replace("matmul %n, @w", "matmul %x, @w"), "@f, %n: Nobody uses it.");
    }

    @Test
    void sumsOfWhatIsNoProductOrIsNeededElsewhereStay() {
        FuseFinish pass = new FuseFinish();
        left(pass, SUM.replace("%h + %m", "%h + %x"), "@f, %y: It reads no product and no norm.");
        left(
                pass,
                SUM.replace("return", "%z = columns %m {start = 0, extent = 1} : f32[8, 1]\n  return"),
                "@f, %y: The product %m has another use.");
        left(
                pass,
                SUM.replace("%h + %m", "%h + %m + (@a + @b + (@c + @d))").replace("weight @w", """
                                weight @a : f32[8]
                                weight @b : f32[8]
                                weight @c : f32[8]
                                weight @d : f32[8]
                                weight @w"""),
                "@f, %y: Together they would read more than 4 other values.");
        Module twice = read(SUM.replace("%h + %m", "%m * %m"));
        assertNotEquals(twice, pass.run(twice), "one function may read a product twice");
        Module again = read(SUM.replace("matmul %x, @w", "linear %x, @w {finish = (%h + #0)}"));
        assertNotEquals(again, pass.run(again), "a finish may go on");
    }

    /** What reads a value twice would double it with every step. */
    @Test
    void functionsDoNotGrowWithoutEnd() {
        StringBuilder text = new StringBuilder("module \"m\" at tensor\n\nfunc @f(%v0: f32[1, 4]) -> f32[1, 4] {\n");
        for (int index = 1; index <= 12; index++) {
            String before = "%v" + (index - 1);
            text.append("  %v" + index + " = map (" + before + " * " + before + " + 1.0) : f32[1, 4]\n");
        }
        PassReport report = new PassReport();
        Module after = new FuseMaps().run(read(text + "  return %v12\n}\n"), report);
        assertEquals(3, after.functions().getFirst().body().size(), Writer.write(after));
        assertEquals(
                "fuse-maps: @f, %v5: Together they would have more than 64 operands.",
                report.notes().stream()
                        .filter(note -> !note.done())
                        .findFirst()
                        .orElseThrow()
                        .toString());
    }

    /** The text as a module, which the pass must leave as it is and say why. */
    private static void left(Pass pass, String text, String sentence) {
        Module module = read(text);
        PassReport report = new PassReport();
        assertEquals(module, pass.run(module, report), sentence);
        String said = report.notes().stream().map(PassReport.Note::toString).collect(Collectors.joining("\n"));
        assertEquals(pass.name() + ": " + sentence, said);
        assertFalse(report.notes().getFirst().done());
    }

    private static Module read(String text) {
        return Reader.readVerified("m.qir", text);
    }
}
