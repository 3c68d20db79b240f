package dev.quern.passes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.quern.ir.Module;
import dev.quern.ir.text.read.Reader;
import java.util.List;
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
        assertNotEquals(read(PARTS), new FuseRopeWrite().run(read(PARTS)));
        assertNotEquals(read(GATE), new FuseFinish().run(read(GATE)));
        assertNotEquals(read(PROJECTIONS), new MergeProjections().run(read(PROJECTIONS)));
        assertNotEquals(read(NORM), new FuseNorm().run(read(NORM)));
        assertNotEquals(read(SUM), new FuseFinish().run(read(SUM)));
    }

    /**
     * Rows of one product have one input, so products of different inputs stay apart, whichever of them is the odd one.
     */
    @Test
    void projectionsOfDifferentInputsStayApart() {
        String why = "@f, %y: Its inputs are not products of one value, each with a weight of its own.";
        left(new MergeProjections(), PROJECTIONS.replace("matmul %x, @q", "matmul %z, @q"), why);
        left(new MergeProjections(), PROJECTIONS.replace("matmul %x, @k", "matmul %z, @k"), why);
        left(new MergeProjections(), PROJECTIONS.replace("matmul %x, @v", "matmul %z, @v"), why);
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
        left(new MergeProjections(), gate, why);
        assertNotEquals(
                read(gate.replace("matmul %z", "matmul %x")),
                new MergeProjections().run(read(gate.replace("matmul %z", "matmul %x"))),
                "of one input they are merged");
    }

    @Test
    void projectionsThatAreNoProductsWithWeightsOfTheirOwnStayApart() {
        String why = "@f, %y: Its inputs are not products of one value, each with a weight of its own.";
        left(new MergeProjections(), PROJECTIONS.replace("matmul %x, @k", "matmul %x, @q"), why);
        left(new MergeProjections(), PROJECTIONS.replace("attention %a", "attention %x"), why);
        left(
                new MergeProjections(),
                PROJECTIONS
                        .replace("%keys1, %values1, %p {", "%other, %values1, %p {")
                        .replace("%z: f32[2, 16],", "%z: f32[2, 16], %other: state<f16[16, 16]>,"),
                why);
        left(
                new MergeProjections(),
                PROJECTIONS
                        .replace("f16[16, 16]>) ->", "f16[16, 16]>, %m: f32[16, 16]) ->")
                        .replace("%x, @k", "%x, %m"),
                why);
    }

    /** A merged weight would be stored twice, or would have two encodings. */
    @Test
    void weightsThatCannotBecomeRowsOfOneStayApart() {
        left(
                new MergeProjections(),
                PROJECTIONS.replace("@v : f32[16, 16]", "@v : f16[16, 16]"),
                "[@q, @k, @v]: Their encodings differ: @q is f32, @k is f32, @v is f16.");
        left(
                new MergeProjections(),
                PROJECTIONS.replace("  %y =", "  %d = matmul %z, @k : f32[2, 16]\n  %y ="),
                "[@q, @k, @v]: @k also has a use outside such a group.");
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
    void rotationAndWritesThatAreNotOfOneProductStayApart() {
        FuseRopeWrite pass = new FuseRopeWrite();
        left(pass, PARTS.replace("rope %k, ", "rope %x, "), "@f, %keys1: The keys are no part of a common product.");
        left(
                pass,
                PARTS.replace("%qkv: f32[2, 64]", "%qkv: f32[2, 80]"),
                "@f, %keys1: Queries, keys and values do not fill %qkv.");
        String queries = "@f, %keys1: No columns of queries are rotated as these keys are.";
        left(pass, PARTS.replace("rope %q, %p", "rope %q, %o"), queries);
        left(pass, PARTS.replace("rope %q, %p" + ROPE, "rope %q, %p" + ROPE.replace("@factors", "@others")), queries);
        left(pass, PARTS.replace("rope %q, %p" + ROPE, "rope %q, %p" + ROPE.replace("halves", "adjacent")), queries);
        left(pass, PARTS.replace("{start = 0, extent = 32}", "{start = 8, extent = 32}"), queries);
        String values = "@f, %keys1: No columns of values are written at this position.";
        left(pass, PARTS.replace("%v, %p :", "%v, %o :"), values);
        left(pass, PARTS.replace("%v, %p :", "%x, %p :"), values);
        left(pass, PARTS.replace("{start = 48,", "{start = 40,"), values);
    }

    @Test
    void keysThatAreRotatedForAnotherPositionThanTheirOwnStayApart() {
        left(
                new FuseRopeWrite(),
                PARTS.replace("%k1, %p :", "%k1, %o :").replace("%v, %p :", "%v, %o :"),
                "@f, %keys1: The keys are rotated for one position and written at another.");
    }

    @Test
    void queryHeadsThatDoNotShareKeysEvenlyStayApart() {
        left(
                new FuseRopeWrite(),
                PARTS.replace("%qkv: f32[2, 64]", "%qkv: f32[2, 56]")
                        .replace("{start = 0, extent = 32} : f32[2, 32]", "{start = 0, extent = 24} : f32[2, 24]")
                        .replace("start = 32", "start = 24")
                        .replace("start = 48", "start = 40")
                        .replace(ROPE + "f32[2, 32]", ROPE + "f32[2, 24]")
                        .replace("%q1, %keys1", "%wide, %keys1")
                        .replace("%x: f32[2, 16],", "%x: f32[2, 16], %wide: f32[2, 32],"),
                "@f, %keys1: 3 query heads do not share 2 key and value heads evenly.");
    }

    @Test
    void partsWithAnotherUseAreComputedAnyway() {
        for (String part : List.of("q", "k", "k1", "v")) {
            left(
                    new FuseRopeWrite(),
                    PARTS.replace(
                            "  return",
                            "  %other = map (2.0 * %" + part + ") : f32[2, " + (part.equals("q") ? 32 : 16)
                                    + "]\n  return"),
                    "@f, %keys1: %" + part + " has another use.");
        }
    }

    /** The fused operation stands where the last of its parts stood; nothing before may need its results. */
    @Test
    void resultsThatAreNeededBeforeTheLastPartStayApart() {
        String write = "  %values1 = state_write %values, %v, %p : state<f16[16, 16]>\n";
        String early =
                "  %e = attention %x, %keys1, %old, %p {heads = 2, key_value_heads = 2, scale = 0.35} : f32[2, 16]\n";
        left(
                new FuseRopeWrite(),
                PARTS.replace(write, early + write)
                        .replace("%x: f32[2, 16],", "%x: f32[2, 16], %old: state<f16[16, 16]>,"),
                "@f, %keys1: %keys1 is used before all parts are there.");
        Module late = read(PARTS.replace(write, write + early)
                .replace("%x: f32[2, 16],", "%x: f32[2, 16], %old: state<f16[16, 16]>,"));
        assertNotEquals(late, new FuseRopeWrite().run(late), "after the last part they may be used");
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
        left(pass, GATE.replace("columns %m", "columns %z"), "@f, %y: It reads no product.");
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
        left(pass, SUM.replace("%h + %m", "%h + %x"), "@f, %y: It reads no product.");
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
