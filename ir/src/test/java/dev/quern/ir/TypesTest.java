package dev.quern.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypesTest {
    /** The sizes of ggml's blocks, from its specification: elements and bytes. */
    @ParameterizedTest
    @CsvSource({
        "f32, 1, 4",
        "f16, 1, 2",
        "bf16, 1, 2",
        "u32, 1, 4",
        "q4_0, 32, 18",
        "q4_1, 32, 20",
        "q5_0, 32, 22",
        "q5_1, 32, 24",
        "q8_0, 32, 34",
        "q2_k, 256, 84",
        "q3_k, 256, 110",
        "q4_k, 256, 144",
        "q5_k, 256, 176",
        "q6_k, 256, 210",
        "iq4_nl, 32, 18",
        "iq4_xs, 256, 136",
        "mxfp4, 32, 17"
    })
    void blocksHaveTheirSizes(String name, int elements, int bytes) {
        Encoding encoding = Encoding.named(name).orElseThrow();
        assertEquals(name, encoding.text());
        assertEquals(elements, encoding.elements());
        assertEquals(bytes, encoding.bytes());
        assertEquals(3L * bytes, encoding.bytesOf(3L * elements));
        assertEquals(0, encoding.bytesOf(0));
        if (elements > 1) {
            assertThrows(IllegalArgumentException.class, () -> encoding.bytesOf(elements + 1));
        }
        assertEquals(3L * bytes, TensorType.of(encoding, 3, elements).maxBytes());
    }

    @Test
    void anEncodingThatIsUnknownIsNone() {
        assertEquals(Optional.empty(), Encoding.named("q4_z"));
        List<String> names = new ArrayList<>();
        for (Encoding encoding : Encoding.Block.values()) {
            names.add(encoding.text());
        }
        assertEquals(names.size(), names.stream().distinct().count());
    }

    @Test
    void aTensorIsMeasuredAtTheBoundsOfItsSymbols() {
        Dim.Symbol n = new Dim.Symbol("n", 8);
        TensorType type = new TensorType(Encoding.Block.Q8_0, List.of(n, new Dim.Fixed(3), new Dim.Fixed(64)));
        assertEquals(8 * 3 * 64, type.maxElements());
        assertEquals(8 * 3 * 2 * 34, type.maxBytes());
        assertEquals(64, type.columns());
        assertEquals(n, type.rows());
        assertEquals("q8_0[?n, 3, 64]", type.toString());
        assertEquals("state<q8_0[?n, 3, 64]>", new StateType(type).toString());
        assertEquals("f32[4]", TensorType.of(Encoding.Scalar.F32, 4).toString());
        assertThrows(
                ArithmeticException.class,
                () -> TensorType.of(Encoding.Scalar.F32, Long.MAX_VALUE, 2).maxElements());
    }

    @Test
    void extentsAreAtLeastOne() {
        assertEquals(1, new Dim.Fixed(1).max());
        assertEquals(1, new Dim.Symbol("n", 1).max());
        assertThrows(IllegalArgumentException.class, () -> new Dim.Fixed(0));
        assertThrows(IllegalArgumentException.class, () -> new Dim.Symbol("n", 0));
    }

    @Test
    void aValueIsATensorOrAState() {
        TensorType tensor = TensorType.of(Encoding.Scalar.F32, 2, 2);
        Value x = Value.local("x", tensor);
        Value s = Value.local("s", new StateType(tensor));
        assertEquals(tensor, x.tensor());
        assertEquals(tensor, s.state());
        assertEquals(
                "%s is a state (state<f32[2, 2]>), not a tensor.",
                assertThrows(TypeException.class, s::tensor).getMessage());
        assertEquals(
                "%x is a tensor (f32[2, 2]), not a state.",
                assertThrows(TypeException.class, x::state).getMessage());
        assertEquals("@w", Value.weight("w", tensor).toString());
    }
}
