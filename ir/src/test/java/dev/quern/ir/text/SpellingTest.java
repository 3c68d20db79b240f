package dev.quern.ir.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.text.read.ReadException;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.verify.Place;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How names, numbers and mistakes are spelled. */
class SpellingTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "z", "A", "Z", "0", "9", "_", "blk.0.attn_q", "a-b", "a.", "1e"})
    void plainNamesStandAsTheyAre(String name) {
        assertEquals(name, Names.print(name));
    }

    /** The characters on either side of each range that is plain, and what may not stand first. */
    @ParameterizedTest
    @ValueSource(
            strings = {"`", "{", "@", "[", "/", ":", "a`", "a{", "a@", "a[", "a/", "a:", ".a", "-a", "a b", "ä", ""})
    void otherNamesStandInQuotationMarks(String name) {
        assertEquals("\"" + name + "\"", Names.print(name));
    }

    @Test
    void whatNoTerminalShouldSeeIsEscaped() {
        assertEquals("\"\\u0000\\u001f !~\\u007f\\u00a0\u00a1\"", Names.quote("\0\u001f !~\u007f\u00a0\u00a1"));
        assertEquals(
                "\"\\u2028\\u2029\u2027\\u202a\\ud83d\\ude00\"", Names.quote("\u2028\u2029\u2027\u202a\ud83d\ude00"));
        assertEquals("\"\\\"\\\\\"", Names.quote("\"\\"));
    }

    /** One insertion, deletion, replacement or swap of neighbours each; then two, which short words do not bear. */
    @ParameterizedTest
    @CsvSource({
        "scal, scale",
        "scalee, scale",
        "scole, scale",
        "sacle, scale",
        "csale, scale",
        "scael, scale",
        "ad, add",
        "rmsnorm, rms_norm",
        "rsm_nrom, rms_norm",
        "ttention, attention",
        "attentoin, attention",
        "atetnoitn, attention",
        "tatetnoitn, ''",
        "sxyle, ''",
        "a, ''",
        "x, ''",
        "xyz, ''"
    })
    void theNearestWordIsFound(String word, String nearest) {
        List<String> words = List.of("add", "scale", "rms_norm", "attention");
        assertEquals(nearest.isEmpty() ? Optional.empty() : Optional.of(nearest), Nearest.of(word, words));
    }

    @Test
    void ofSeveralThatAreAsNearTheFirstIsMeant() {
        assertEquals(Optional.of("q4_0"), Nearest.of("q4_z", List.of("q4_0", "q4_1")));
        assertEquals(Optional.of("q4_1"), Nearest.of("q4_1", List.of("q4_0", "q4_1")));
        assertEquals("; there are a, b", Nearest.among("xyz", List.of("a", "b")));
        assertEquals("; did you mean add? It has add, scale", Nearest.among("ad", "it has", List.of("add", "scale")));
    }

    @Test
    void aMistakeIsShownWithItsLineWhereverItStands() {
        String first = "module \"m\" at home";
        assertTrue(message(first).endsWith("\n  module \"m\" at home\n                ^"), message(first));
        String last = "module \"m\" at tensor\r\n\tweight @w : f33[4]";
        assertTrue(message(last).startsWith("m.qir:2:14: "), message(last));
        assertTrue(message(last).endsWith("\n  \tweight @w : f33[4]\n  \t            ^"), message(last));
        String middle = "module \"m\" at tensor\nweight @w : f33[4]\r\nweight @v : f32[4]\n";
        assertTrue(message(middle).endsWith("\n  weight @w : f33[4]\n              ^"), message(middle));
    }

    private static String message(String text) {
        return String.valueOf(assertThrows(ReadException.class, () -> Reader.read("m.qir", text))
                .getMessage());
    }

    @Test
    void everyFiniteNumberIsSpelledAndReadBack() {
        for (String number : List.of("1.4e-45", "-0.0", "3.4028235e38", "-3.4028235e38")) {
            String text =
                    "module \"m\" at tensor\n\nfunc @f(%x: f32[1, 4], %p: u32[1]) -> f32[1, 4] {\n  %y = rope %x, %p {head_size = 4,"
                            + " rotary = 4, base = " + number
                            + ", scale = 1.0, pairing = halves} : f32[1, 4]\n  return %y\n}\n";
            assertEquals(text, Writer.write(Reader.readVerified("m.qir", text)));
        }
    }

    /** Such a number would be met on the device only, in every result that it reaches. */
    @Test
    void whatIsNotFiniteIsRefusedWhereItStands() {
        for (String number : List.of("nan", "infinity", "-infinity", "1.0e39", "-1.0e39")) {
            String norm = "module \"m\" at tensor\nweight @g : f32[4] {from = [\"g\"]}\n\n"
                    + "func @f(%x: f32[1, 4]) -> f32[1, 4] {\n  %y = rms_norm %x, @g {eps = " + number
                    + "} : f32[1, 4]\n  return %y\n}\n";
            assertTrue(
                    message(norm)
                            .startsWith(
                                    "m.qir:5:31: expected a finite number, from -3.4028235e38 to 3.4028235e38, found "
                                            + number + "\n"),
                    message(norm));
            String map = "module \"m\" at tensor\nfunc @f(%x: f32[1, 4]) -> f32[1, 4] {\n  %y = map (" + number
                    + " * %x) : f32[1, 4]\n  return %y\n}\n";
            assertTrue(message(map).startsWith("m.qir:3:13: expected a finite number"), message(map));
            String table = "module \"m\" at tensor\nweight @r : f32[4, 2] {from = rotations, base = " + number
                    + ", scale = 1.0}\n";
            assertTrue(message(table).startsWith("m.qir:2:49: expected a finite number"), message(table));
        }
    }

    /** The line of a function's head has 120 columns, its brace among them; else each parameter has one. */
    @Test
    void aLongSignatureIsBroken() {
        for (int length = 75; length < 95; length++) {
            String name = "n".repeat(length);
            String text =
                    "module \"m\" at tensor\n\nfunc @" + name + "(%x: f32[1, 4]) -> f32[1, 4] {\n  return %x\n}\n";
            String written = Writer.write(Reader.read("m.qir", text));
            String head = "func @" + name + "(%x: f32[1, 4]) -> f32[1, 4] {";
            assertEquals(head.length() <= 120, written.contains(head), written);
            assertEquals(Reader.read("m.qir", text), Reader.read("m.qir", written));
        }
    }

    @Test
    void whatIsReadIsTheModuleAndItsStage() {
        String text = "module \"m\" at dispatch\n";
        assertEquals(Stage.DISPATCH, Reader.stage("m.qir", text));
        Module module = Reader.readVerified("m.qir", text);
        assertEquals("m", module.name());
        assertEquals(module, Reader.readVerifiedWithLines("m.qir", text).module());
        String weight = text + "weight @w : f32[4]\n";
        assertEquals(2, Reader.readWithLines("m.qir", weight).line(new Place.OfWeight(0)));
    }
}
