package dev.quern.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.GgufValue.FloatValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.architecture.GraphOptions;
import dev.quern.ir.Encoding;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What values are as numbers, and which of them are the same. */
class GgufValueTest {
    @Property(tries = 500)
    void unsignedNumbersHaveNoSign(@ForAll long bits) {
        for (long each : new long[] {bits, -1, Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE, 7, 0}) {
            double expected = new BigInteger(Long.toUnsignedString(each)).doubleValue();
            assertEquals(expected, new IntegerValue(ValueType.U64, each).toDouble());
            assertEquals(
                    expected, NumberArray.ofIntegers(ValueType.U64, 5, each).numberAt(1));
            assertEquals((double) each, new IntegerValue(ValueType.I64, each).toDouble());
            assertEquals(
                    (double) each,
                    NumberArray.ofIntegers(ValueType.I64, 5, each).numberAt(1));
        }
    }

    @Test
    void valuesHaveTheTypesOfTheirKind() {
        assertThrows(IllegalArgumentException.class, () -> new IntegerValue(ValueType.F32, 1));
        assertThrows(IllegalArgumentException.class, () -> new FloatValue(ValueType.I32, 1));
        assertThrows(IllegalArgumentException.class, () -> NumberArray.ofIntegers(ValueType.F32, 1));
        assertThrows(
                IllegalStateException.class, () -> NumberArray.ofFloats(1, 2).integerAt(1));
        NumberArray numbers = NumberArray.ofIntegers(ValueType.I16, 1, -2, 3);
        assertThrows(IllegalStateException.class, () -> numbers.floatAt(1));
        assertEquals(-2, numbers.integerAt(1));
        assertEquals("array of 3 i16", numbers.toString());
        assertEquals("array of 2 strings", StringArray.of("ab", "c").toString());
    }

    @Test
    void valuesAreTheSameIfTheyHoldTheSame() {
        Set<Object> different = new HashSet<>(List.of(
                NumberArray.ofIntegers(ValueType.I16, 1, -2, 3),
                NumberArray.ofIntegers(ValueType.I16, 1, -2, 4),
                NumberArray.ofIntegers(ValueType.U16, 1, -2, 3),
                NumberArray.ofIntegers(ValueType.I16, 1, -2),
                StringArray.of("a", "bc"),
                StringArray.of("ab", "c"),
                GgufString.of("ab"),
                GgufString.of("abc")));
        assertEquals(8, different.size());
        assertTrue(different.contains(NumberArray.ofIntegers(ValueType.I16, 1, -2, 4)));
        assertTrue(different.contains(StringArray.of("ab", "c")));
        assertTrue(different.contains(GgufString.of("ab")));
    }

    @Test
    void aContextHoldsAChunk() {
        assertEquals(256, GraphOptions.ofContext(257).chunk());
        assertEquals(255, GraphOptions.ofContext(255).chunk());
        new GraphOptions(1, 1, Encoding.Scalar.F32);
        for (int[] wrong : new int[][] {{0, 0}, {4, 0}, {4, 5}}) {
            assertThrows(
                    IllegalArgumentException.class, () -> new GraphOptions(wrong[0], wrong[1], Encoding.Scalar.F16));
        }
        assertThrows(IllegalArgumentException.class, () -> new GraphOptions(4, 4, Encoding.Scalar.BF16));
    }
}
