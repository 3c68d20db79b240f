package dev.quern.ir.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.TensorOp;
import dev.quern.ir.text.read.ReadException;
import dev.quern.ir.text.read.Reader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTest {
    private static final String LAYER = """
            module "a \\"layer\\"" at tensor
            symbol ?seq <= 64
            weight @table : q8_0[100, 64] {from = ["token_embd.weight"]}
            weight @gain : f32[64]
            weight @factors : f32[16]
            weight @"q k v" : q4_0[128, 64] {from = ["q", "k", "v"]}

            func @all(
                %tokens: u32[?seq],
                %position: u32[1],
                %keys: state<f16[64, 32]>,
                %values: state<f16[64, 32]>
            ) -> f32[?seq, 64], u32[?seq] {
              %x = embed %tokens, @table : f32[?seq, 64]
              %n = rms_norm %x, @gain {eps = 1.0e-5} : f32[?seq, 64]
              %m = matmul %n, @"q k v" : f32[?seq, 128]
              %l = linear %x, @"q k v" {norm = @gain, eps = 1.0e-6, parts = 2, finish = (%x + silu(#0) * #1)} : f32[?seq, 64]
              %a = map (%x + %l) : f32[?seq, 64]
              %s = map (0.5 * %a) : f32[?seq, 64]
              %g = map (silu(%s) * %a) : f32[?seq, 64]
              %c = columns %m {start = 64, extent = 32} : f32[?seq, 32]
              %r = rope %c, %position {head_size = 32, rotary = 32, base = 10000.0, scale = 1.0, pairing = halves,\
             factors = @factors} : f32[?seq, 32]
              %k = state_write %keys, %r, %position : state<f16[64, 32]>
              %q, %k2, %v2 = place_heads %m, %position, %k, %values {heads = 2, key_value_heads = 1, head_size = 32,\
             rotary = 16, base = 500000.0, scale = 0.25, pairing = adjacent} : f32[?seq, 64], state<f16[64, 32]>,\
             state<f16[64, 32]>
              %y = attention %q, %k2, %v2, %position {heads = 2, key_value_heads = 1, scale = 0.17677669} : f32[?seq, 64]
              %t = argmax %y : u32[?seq]
              return %g, %t
            }
            """;

    private static final String DISPATCH = """
            module "dispatch" at dispatch
            profile "cpu-vulkan"
            symbol ?seq <= 64
            weight @w : q4_0[64, 64] {from = ["w"], layout = row_tiles_8, placement = texture}
            weight @factors : f32[16] {from = ["rope_freqs.weight"]}
            weight @table : f32[64, 32] {from = rotations, base = 10000.0, scale = 0.25, factors = @factors, layout = plain,\
             placement = buffer}

            func @step(%x: f32[?seq, 64], %h: f32[?seq, 64]) -> f32[?seq, 32] {
              %y = linear %x, @w {finish = (%h + #0)} by matvec.lanes {input = uniform, tiles = 4} binds @w, %x, %h as %y\
             grid [?seq * 4 /^ 8, 2, 1] : f32[?seq, 64]
              %a = columns %y {start = 0, extent = 32} by columns binds %y, %a grid [64] : f32[?seq, 32]
              %b = map (%a + %a) by as.by.grid {binds = by} binds grid [] : f32[?seq, 32]
              return %b
            }
            """;

    @Test
    void whatIsReadIsWrittenAgain() {
        assertEquals(LAYER, Writer.write(Reader.read("layer.qir", LAYER)));
        assertEquals(DISPATCH, Writer.write(Reader.read("dispatch.qir", DISPATCH)));
    }

    @Test
    void theTableHoldsEveryOperation() {
        List<Class<?>> operations = new ArrayList<>(List.of(TensorOp.class.getPermittedSubclasses()));
        assertEquals(operations.size(), Syntax.names().size(), "a record is missing in the table, or too many are");
        assertEquals(Syntax.names().size(), Syntax.names().stream().distinct().count());
    }

    @Test
    void anErrorShowsLineCaretAndWhatWasExpected() {
        assertMessage(function("%y = columns %x, {start = 0} : f32[1, 4]"), """
                test.qir:3:20: expected a word or a value, %name or @name, found '{'
                    %y = columns %x, {start = 0} : f32[1, 4]
                                     ^""");
    }

    @Test
    void errorsSaySomethingOfUse() {
        assertMessage("""
                module "m" at tensor
                func @f(%x: f32[?n, 4]) { return }
                """, """
                test.qir:2:17: ?n is not declared; write: symbol ?n <= 64
                  func @f(%x: f32[?n, 4]) { return }
                                  ^""");
        assertFails("module \"m\" at home", "1:15: expected a stage, found 'home'; there are tensor, dispatch, plan");
        assertFails("module m", "1:8: expected \"text\", found 'm'");
        assertFails(function("%y = map (%x + %z) : f32[1, 4]"), "%z is not defined in this function");
        assertFails(function("%y = map (%x + @z) : f32[1, 4]"), "@z is not a declared weight");
        assertFails(function("%y = matmul %x : f32[1, 4]"), "matmul has 1 operand; operand 2 is missing.");
        assertFails(function("%y = matmul %x, %x, %x : f32[1, 4]"), "matmul takes 2 operands, not 3");
        assertFails(
                function("%y = mop (%x) : f32[1, 4]"),
                "there is no operation 'mop'; did you mean map? There are embed, rms_norm");
        assertFails(
                function("%y = dispatch @k %x {grid = [1]} : f32[1, 4]"),
                "only a plan dispatches; a graph says what it computes");
        assertFails(
                function("%y = matmul @k %x : f32[1, 4]"),
                "expected ',' between operands; only the steps of a plan name a kernel before what it binds");
        assertFails(
                function("%y = map (%x + %x) by k binds %x as %z grid [1] : f32[1, 4]"),
                "%z is no result of this statement");
        assertFails(
                function("%y = map (%x + %x) by k binds %z grid [1] : f32[1, 4]"),
                "%z is not defined in this function");
        assertFails(
                function("%y = map (%x + %x) by k {a = 1.5} binds %x grid [1] : f32[1, 4]"),
                "is a whole number or a word");
        assertFails(
                function("%y = map (%x + %x) by k {a = 1, a = 2} binds %x grid [1] : f32[1, 4]"),
                "a of the kernel is given twice");
        assertFails(
                function("%y = map (%x + %x) by k binds %x grid [x] : f32[1, 4]"), "expected a number of workgroups");
        assertFails(
                function("%y = map (%x + %x) by k binds %x grid [0] : f32[1, 4]"),
                "a number of workgroups must be at least 1, not 0");
        assertFails(function("%y = rms_norm %x, %x : f32[1, 4]"), "rms_norm needs the attribute eps.");
        assertFails(
                function("%y = rms_norm %x, %x {eps = %x} : f32[1, 4]"),
                "attribute eps of rms_norm must be a number, not '%x'.");
        assertFails(
                function("%y = rms_norm %x, %x {eps = 1, f = 2} : f32[1, 4]"),
                "rms_norm has no attribute f; it has eps, finish.");
        assertFails(function("%y, %z = map (%x + %x) : f32[1, 4]"), "defines 2 values and gives 1 type");
        assertFails(function("%y = map (%x + %x)"), "expected ':' or '{' or 'by', found 'return'");
        assertFails(
                function("%y = map (%x + %x) : q4_z[1, 4]"),
                "there is no encoding 'q4_z'; did you mean q4_0? There are f32");
        assertFails(function("%y = map (%x + %x) : f32[0]"), "an extent must be at least 1, not 0");
        assertFails(function("%y = map (%x + %x) : f32[1, 4] $"), "this character means nothing here");
    }

    @Test
    void hostileNamesSurvive() {
        String text = "module \"a\\\\b\\\"c\\u000a\\ud800\" at tensor\nweight @\"\\u0000 %\" : f32[4]\n";
        assertEquals(text, Writer.write(Reader.read("names.qir", text)));
    }

    private static String function(String statement) {
        return "module \"m\" at tensor\nfunc @f(%x: f32[1, 4]) {\n  " + statement + "\n  return\n}\n";
    }

    private static void assertMessage(String text, String message) {
        ReadException thrown = assertThrows(ReadException.class, () -> Reader.read("test.qir", text));
        assertEquals(message, thrown.getMessage());
    }

    private static void assertFails(String text, String part) {
        ReadException thrown = assertThrows(ReadException.class, () -> Reader.read("test.qir", text));
        assertTrue(String.valueOf(thrown.getMessage()).contains(part), thrown.getMessage());
    }
}
