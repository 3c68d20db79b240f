package dev.quern.ir.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Dim;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.ir.text.read.Reader;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerifierTest {
    private static final TensorType ROW = TensorType.of(Encoding.Scalar.F32, 1, 4);

    @Test
    void allProblemsComeTogetherUnderTheHeading() {
        Module module = Reader.read("m.qir", """
                module "m" at tensor
                weight @w : q4_0[8, 48]

                func @f(%x: f32[1, 4]) -> f32[1, 4] {
                  %y = map (%x + %z) : f32[1, 4]
                  %z = map (2.0 * %x) : f32[2, 4]
                  return %y
                }
                """);
        VerificationException thrown =
                assertThrows(VerificationException.class, () -> Verifier.verify("after fuse-swiglu", module));
        assertEquals("""
                after fuse-swiglu:
                  @w: The last axis of q4_0[8, 48] (48) is not filled by whole blocks of 32.
                    weight @w : q4_0[8, 48]
                  @f, %z: %z is used before it is defined.
                    %y = map (%x + %z) : f32[1, 4]
                  @f, %z: %z is f32[2, 4], but the operation gives f32[1, 4] for %x: f32[1, 4].
                    %z = map (2.0 * %x) : f32[2, 4]""", thrown.getMessage());
        assertEquals(3, thrown.problems().size());
    }

    /** What text cannot say, since the reader gives every use the type of its definition. */
    @Test
    void aValueIsUsedWithTheTypeOfItsDefinition() {
        Value x = Value.local("x", ROW);
        Value other = Value.local("x", TensorType.of(Encoding.Scalar.F32, 1, 8));
        Value undeclared = Value.weight("w", TensorType.of(Encoding.Scalar.F32, 8, 4));
        Function function = new Function(
                "f",
                List.of(x),
                List.of(
                        new Statement(List.of(Value.local("y", other.type())), TensorOp.Map.scaled(2, other)),
                        new Statement(List.of(Value.local("z", other.type())), new TensorOp.MatMul(x, undeclared))),
                List.of());
        assertSentences(
                new Module("m", Stage.TENSOR, List.of(), List.of(), List.of(function)),
                "%x is used as f32[1, 8] but defined as f32[1, 4].",
                "@w is not a declared weight.");
    }

    @Test
    void aFunctionDefinesNoWeight() {
        Value weight = Value.weight("w", ROW);
        Function function = new Function("f", List.of(weight), List.of(), List.of());
        assertSentences(
                new Module("m", Stage.TENSOR, List.of(), List.of(), List.of(function)),
                "@w is a weight; a function defines only %values.");
    }

    @Test
    void aSymbolHasOneBound() {
        Value x = Value.local("x", TensorType.f32(new Dim.Symbol("n", 8), 4));
        Function function = new Function("f", List.of(x), List.of(), List.of());
        assertSentences(
                new Module("m", Stage.TENSOR, List.of(new Dim.Symbol("n", 9)), List.of(), List.of(function)),
                "The symbol ?n of f32[?n, 4] is not declared with the bound 8.");
    }

    @Test
    void namesAreGivenOnce() {
        Weight weight = new Weight("w", ROW, List.of());
        Function function = new Function("f", List.of(), List.of(), List.of());
        Dim.Symbol symbol = new Dim.Symbol("n", 8);
        assertSentences(
                new Module(
                        "m",
                        Stage.TENSOR,
                        List.of(symbol, symbol),
                        List.of(weight, weight),
                        List.of(function, function)),
                "The symbol ?n is declared twice.",
                "The weight @w is declared twice.",
                "The function @f is declared twice.");
    }

    @Test
    void aSizeFits63Bits() {
        Weight huge = new Weight("w", TensorType.of(Encoding.Scalar.F32, Long.MAX_VALUE, 2), List.of());
        assertSentences(
                new Module("m", Stage.TENSOR, List.of(), List.of(huge), List.of()),
                "The size of f32[9223372036854775807, 2] does not fit in 63 bits.");
    }

    private static void assertSentences(Module module, String... sentences) {
        List<String> found =
                Verifier.problems(module).stream().map(Problem::sentence).toList();
        assertEquals(List.of(sentences), found);
        assertTrue(sentences.length > 0);
    }
}
