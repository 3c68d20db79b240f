package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quern.ir.Encoding;
import dev.quern.ir.TensorType;
import dev.quern.ir.Weight;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecodedWeightsTest {
    /** Two tensors of halves, one row of two and two rows of two. */
    private final Map<String, ByteBuffer> file = Map.of(
            "one", halves(1, 2),
            "two", halves(3, 4, 5, 6));

    private final DecodedWeights weights = new DecodedWeights(name -> Objects.requireNonNull(file.get(name), name));

    @Test
    void theRowsOfTheSourcesFollowOneAnother() {
        Weight both = weight("both", 3, "one", "two");
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, weights.decoded(both));
        Weight turned = weight("turned", 3, "two", "one");
        assertArrayEquals(new float[] {3, 4, 5, 6, 1, 2}, weights.decoded(turned));
    }

    @Test
    void weightsOfTheSameSourcesShareAnArray() {
        assertSame(weights.decoded(weight("embedding", 2, "two")), weights.decoded(weight("output", 2, "two")));
    }

    @Test
    void someRowsOfATensorAreTheRowsOfAWeight() {
        Weight.Part last = new Weight.Part("two", Optional.of(new Weight.RowRange(1, 1)));
        Weight.Part whole = new Weight.Part("one", Optional.empty());
        assertArrayEquals(new float[] {5, 6, 1, 2}, weights.decoded(weight("mixed", 2, last, whole)));
        Weight.Part beyond = new Weight.Part("two", Optional.of(new Weight.RowRange(1, 2)));
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> weights.decoded(weight("beyond", 2, beyond)));
        assertEquals("the weight @beyond has the rows 1 to 2 of two, which has 2.", refusal.getMessage());
    }

    @Test
    void aSourceOfAnotherSizeIsRefused() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> weights.decoded(weight("short", 4, "one", "two")));
        assertEquals(
                "the weight @short is f16[4, 2], 16 bytes, and its sources [one, two] hold 12.", refusal.getMessage());
    }

    private static Weight weight(String name, long rows, Weight.Part... parts) {
        return new Weight(
                name,
                TensorType.of(Encoding.Scalar.F16, rows, 2),
                new Weight.Source.Tensors(List.of(parts)),
                Optional.empty());
    }

    private static Weight weight(String name, long rows, String... sources) {
        return new Weight(name, TensorType.of(Encoding.Scalar.F16, rows, 2), List.of(sources));
    }

    private static ByteBuffer halves(float... elements) {
        return ByteBuffer.wrap(BlockEncoder.of(Encoding.Scalar.F16).encode(elements));
    }
}
