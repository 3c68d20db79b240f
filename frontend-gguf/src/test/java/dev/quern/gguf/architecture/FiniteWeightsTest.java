package dev.quern.gguf.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.Finding;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.GgufTensorType;
import dev.quern.ir.Encoding;
import dev.quern.reference.BlockCodec;
import dev.quern.reference.Numerics;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Weights that are NaN or infinite are found by their bits, and nothing else is. */
class FiniteWeightsTest {
    private static final int BLOCKS = 3;

    @Provide
    static Arbitrary<Encoding> encodings() {
        return Arbitraries.of(Stream.concat(
                        Stream.of(Encoding.Scalar.F32, Encoding.Scalar.F16, Encoding.Scalar.BF16),
                        Stream.of(Encoding.Block.values()))
                .toList());
    }

    /** A tensor whose data begins at offset 64. */
    private static GgufTensor tensor(GgufTensorType type, byte[] data) {
        long elements = (long) data.length / type.blockBytes() * type.blockElements();
        return new GgufTensor("t", type, List.of(elements), 64, data.length);
    }

    private static Optional<Finding> find(GgufTensorType type, byte[] data) {
        return FiniteWeights.find(tensor(type, data), 0, data, 0, data.length);
    }

    /**
     * Bits at random, with many ones among them: what decodes to numbers that are not finite, and only that, is
     * refused.
     */
    @Property(tries = 2000)
    void whatDecodesToNoFiniteNumberIsRefused(@ForAll("encodings") Encoding encoding, @ForAll Random random) {
        byte[] data = new byte[BLOCKS * encoding.bytes()];
        random.nextBytes(data);
        for (int index = 0; index < data.length; index++) {
            data[index] |= (byte) (random.nextInt(4) == 0 ? 0x7c : 0);
            data[index] |= (byte) (random.nextInt(4) == 0 ? 0xff : 0);
        }
        float[] decoded = BlockCodec.of(encoding).decode(ByteBuffer.wrap(data));
        int first = Numerics.firstNotFinite(decoded);
        GgufTensorType type = GgufTensorType.valueOf(encoding.text().toUpperCase(Locale.ROOT));
        String refusal = "";
        try {
            FiniteWeights.require(tensor(type, data), 0, data, 0, data.length);
        } catch (GgufException refused) {
            refusal = refused.getMessage();
        }
        if (encoding == Encoding.Block.MXFP4 && refusal.contains("NaN")) {
            // The exponent that the standard calls no number is one for the decoders.
            return;
        }
        int block = first / encoding.elements() * encoding.elements();
        String place = encoding.elements() == 1
                ? "Element " + first + " is " + (Float.isNaN(decoded[Math.max(0, first)]) ? "NaN," : "infinite,")
                : "elements " + block + " to " + (block + encoding.elements() - 1) + ", is ";
        assertEquals(
                first >= 0 ? place : "",
                first >= 0 && refusal.contains(place) ? place : refusal,
                () -> first < 0 ? "all is finite" : "element " + first + " is not finite");
    }

    @Test
    void aNumberIsNamedWithElementAndOffset() {
        ByteBuffer numbers = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        numbers.putFloat(28, Float.NEGATIVE_INFINITY).putFloat(32, Float.NaN);
        byte[] data = numbers.array();
        String rest =
                ", so the model would compute nothing else. The file is damaged, or was converted wrongly: fetch or"
                        + " convert it again.";
        assertEquals(
                Optional.of(Finding.error("offset 92, tensor 't'", "Element 7 is infinite" + rest)),
                find(GgufTensorType.F32, data));
        // Bytes that begin in the middle of the tensor, and of the array that holds them.
        GgufTensor tensor = tensor(GgufTensorType.F32, new byte[400]);
        assertEquals(
                Optional.of(Finding.error("offset 168, tensor 't'", "Element 26 is infinite" + rest)),
                FiniteWeights.find(tensor, 100, data, 24, 16));
        assertEquals(
                Optional.of(Finding.error("offset 164, tensor 't'", "Element 25 is NaN" + rest)),
                FiniteWeights.find(tensor, 100, data, 32, 8));
        assertEquals(Optional.empty(), FiniteWeights.find(tensor, 100, data, 0, 28), "only what is asked about");
        assertEquals(Optional.empty(), FiniteWeights.find(tensor, 100, data, 36, 4));
    }

    /** Where in a block the numbers stand that scale it, by the layouts that ggml publishes. */
    @Test
    void everyScaleOfABlockIsLookedAt() {
        scales(GgufTensorType.Q4_0, 0);
        scales(GgufTensorType.Q4_1, 0, 2);
        scales(GgufTensorType.Q5_0, 0);
        scales(GgufTensorType.Q5_1, 0, 2);
        scales(GgufTensorType.Q8_0, 0);
        scales(GgufTensorType.Q2_K, 80, 82);
        scales(GgufTensorType.Q3_K, 108);
        scales(GgufTensorType.Q4_K, 0, 2);
        scales(GgufTensorType.Q5_K, 0, 2);
        scales(GgufTensorType.Q6_K, 208);
        scales(GgufTensorType.IQ2_XXS, 0);
        scales(GgufTensorType.IQ3_S, 0);
        scales(GgufTensorType.IQ1_S, 0);
        scales(GgufTensorType.IQ4_NL, 0);
        scales(GgufTensorType.IQ4_XS, 0);
        scales(GgufTensorType.Q1_0, 0);
        scales(GgufTensorType.Q2_0, 0);
    }

    private static void scales(GgufTensorType type, int... places) {
        int bytes = type.blockBytes();
        for (int at = 0; at + 1 < bytes; at += 2) {
            byte[] data = new byte[2 * bytes];
            data[bytes + at + 1] = 0x7c;
            int place = at;
            boolean scale = Arrays.stream(places).anyMatch(each -> each == place);
            Optional<Finding> found = find(type, data);
            assertEquals(scale, found.isPresent(), type + " at byte " + at);
            found.ifPresent(finding -> {
                assertEquals("offset " + (64 + bytes + place) + ", tensor 't'", finding.where());
                int elements = type.blockElements();
                assertTrue(
                        finding.message()
                                .startsWith("A scale of " + type + ", that of elements " + elements + " to "
                                        + (2 * elements - 1) + ", is infinite"),
                        finding.message());
            });
        }
    }

    /** Codes stand for up to 12, exponents for up to two to the 127th: few of both together are beyond f32. */
    @Test
    void exponentsOfMxfp4MayBeLargeWhereCodesAreSmall() {
        for (int sign = 0; sign <= 8; sign += 8) {
            for (int code = 0; code < 8; code++) {
                assertEquals(Optional.empty(), exponent(0xfc, sign + code), "2^124 times 12");
                assertEquals(code >= 6, exponent(0xfd, sign + code).isPresent());
                assertEquals(code >= 4, exponent(0xfe, sign + code).isPresent());
            }
        }
        assertTrue(exponent(0xfe, 7).orElseThrow().contains("elements 32 to 63, is infinite"));
        assertTrue(exponent(0xff, 0).orElseThrow().contains("elements 32 to 63, is NaN"));
    }

    /** What is said of a block with that exponent whose last code, of either half, is the one given. */
    private static Optional<String> exponent(int exponent, int code) {
        Optional<String> low = Optional.empty();
        for (int shift = 0; shift <= 4; shift += 4) {
            byte[] data = new byte[34];
            data[17] = (byte) exponent;
            data[33] = (byte) (code << shift);
            Optional<String> found = find(GgufTensorType.MXFP4, data).map(Finding::message);
            assertTrue(shift == 0 || found.equals(low));
            low = found;
        }
        return low;
    }

    @Test
    void blocksThatAreNotKnownAreLeftAlone() {
        for (GgufTensorType type : GgufTensorType.values()) {
            byte[] ones = new byte[type.blockBytes()];
            Arrays.fill(ones, (byte) 0xff);
            assertEquals(FiniteWeights.canLook(type), find(type, ones).isPresent(), type.toString());
        }
        assertThrows(
                GgufException.class,
                () -> FiniteWeights.require(
                        tensor(GgufTensorType.BF16, new byte[2]), 0, new byte[] {(byte) 0x80, 0x7f}, 0, 2));
    }
}
