package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Encoding;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class BlockCodecTest {
    /**
     * Blocks of random bytes, each with the bits of its 32 elements as ggml's {@code to_float} gives them; of each
     * encoding one with an ordinary scale and one with a subnormal scale. A million blocks of each encoding, NaNs and
     * infinities among the scales, were compared when these were written down.
     */
    private static final String DECODED = """
            q4_0
            9d2a1e0e69e74e653cd3098c833338cfcfec
            =
            3e9eb8003e9eb8003d53a000bd53a0003e9eb800be1eb8003e53a000be8444003d53a0003e53a000be844400be844400
            000000003eb92c003eb92c003e53a000beb92c00bed3a000bdd3a0003e9eb800be53a000bdd3a000be8444003e844400
            bed3a0000000000000000000be844400be8444003e53a0003e53a0003e9eb800

            q4_0
            c18289769b602bd6a1b51ddf2ca9b6151442
            =
            b830400038b04000b904300039b04000b904300038b04000399a380039043000b95c5000b99a3800b9304000b8304000
            38b040003904300039304000398430008000000038304000b830400038b0400039843000b95c5000b8b04000b9043000
            399a3800b95c500039843000b8b04000b9043000399a3800399a380039304000

            q4_1
            ddb6f24195ccec731e711805575a8dd1f20e7ac1
            =
            3f53f000c00b3000c00b30003fd7c800c04218004022cc00beeb00003f53f000bcf60000bfa89000c026a4004022cc00
            40075800c0421800bfa890004022cc00bf635000c00b3000c0421800bcf600004022cc00bcf600004022cc00403e4000
            3f53f0003f53f000beeb0000c026a400c05d8c00403e4000bcf60000c00b3000

            q4_1
            c703d04163364959114d97f57752c36730db2981
            =
            403a02d5403a05aa403a0880403a0880403a00f2403a0c47403a069c403a04b9403a069c403a01e4403a02d5403a069c
            403a0000403a0a63403a0880403a00f2403a05aa403a02d5403a03c7403a04b9403a00f2403a03c7403a0880403a0e2a
            403a069c403a04b9403a0b55403a05aa403a02d5403a0c47403a01e4403a078e

            q5_0
            db3bc536ae93d7082fa924f529bf0390f54a0562bf7d
            =
            40dbf400c0fb6000416baa00c0dbf400c13c8800c12cd200410d6600416baa00c14c3e0000000000409d1c00c0bc8800
            409d1c003ffb6000bf7b6000c03c8800c03c8800000000003ffb6000411d1c00c15bf400416baa00c15bf400412cd200
            00000000410d6600bf7b6000c13c880000000000c11d1c00c09d1c0040dbf400

            q5_0
            c883c1c84b9b2924d458afcec10eed6f49aa88df1cec
            =
            ba0820003a3580003a35800039f200003872000038f20000b8720000ba53c000393580003872000039d3c000ba174000
            39f2000038720000ba358000ba358000b8f20000b8f2000039358000b997400039b5800039720000ba3580003a720000
            ba53c000b9b580003a358000ba174000b9f20000393580003a62e000ba53c000

            q5_1
            04b46eaf8b188ef3a2783380c041ec256861eeb1d0c352c2
            =
            c0944700c0c47700bf5e7800c0843700bdedc000bebbf000c0482e00c0ac5f00c007ee00bebbf000c0684e00c08c3f00
            c0843700bf5e7800bf1e3800bf1e3800c0280e00c0bc6f00c09c4f00c0c47700c0482e00bf8f5c00c0684e00c0944700
            c0b46700c0b46700c0684e00c0381e00c0ec9f00c0e49700c0ac5f00c0e49700

            q5_1
            0f81a0323b4b64a5c07f584b9764a0219239b44438e37cf6
            =
            3e53bc403e537cbc3e53de203e538dac3e539e9c3e53ab503e5400003e53fbc43e53b3c83e5396243e53ef103e53ab50
            3e53de203e53f34c3e5389703e53e6983e53cd303e53e25c3e53a7143e53ef103e53d9e43e53a2d83e5391e83e53f788
            3e5396243e53f34c3e538dac3e53ef103e53f34c3e5380f83e53e25c3e537cbc

            q8_0
            4e3feef948fe9f6b045322a6342d511614d56935ca3c0cb6fccc96de51851096e533
            =
            c2037c00c14c880043037c00c069c000c33123804343668040e9c0004317928042785c00c3245b0042bdec0042a45b00
            4313eb804220b40042121800c29d0d00433fbf8042c19300c2c53a0042db240041af5000c3072300c0e9c000c2bdec00
            c3419300c2785c004313eb80c3609e8041e9c000c3419300c2453a0042ba4500

            q8_0
            66822d2acb7ea84ad1f249885e4407f89dc594b9c7f783f9a567596489ba1b6f78d6
            =
            bad7dc00bac978003afe3c00bb971a003b531000bb317c003ae174003a065000bb2f16003b8fe800bb617400bb231800
            b9865000399980003b6d72003b0d82003b8184003b2a4a003b08b60039acb0003b95e700398650003b5a4200bb770a00
            bb557600bb6fd8003b8eb5003b27e400ba818400bb851d00bb8fe8003ac97800
            """;

    /** What ggml's reference quantisers make of {@link #ramp}. */
    private static final String ENCODED = """
            q4_0 20b8bf269d047ad148bf268cf36ac137ae15
            q4_1 333880c340d962fb952eb751da730c953ec851ea
            q5_0 20b4d54aa5567f5d2a08d5a3805d3b08e6c3917f4c2a
            q5_1 113480c32ab55aa980a2d5f72a4c7f91c4e6193b6e80b3d5
            q8_0 28288d1bb341da68009826bf4de5730ca432ca59f17f17af3ed664fc9423bb49e170
            """;

    @Test
    void blocksDecodeToTheBitsOfGgml() {
        int compared = 0;
        for (String entry : DECODED.split("\n\n", -1)) {
            String[] sides = entry.split("=", -1);
            String name = sides[0].strip().split("\\s+", 2)[0];
            byte[] block = hex(sides[0].strip().substring(name.length()));
            ByteBuffer bits = ByteBuffer.wrap(hex(sides[1]));
            float[] decoded = new float[34];
            codec(name).decode(block, 0, decoded, 1);
            for (int element = 0; element < 32; element++) {
                assertEquals(
                        bits.getInt(4 * element),
                        Float.floatToRawIntBits(decoded[1 + element]),
                        "element " + element + " of " + name);
                compared++;
            }
            assertEquals(0, decoded[0], "before the block");
            assertEquals(0, decoded[33], "after the block");
        }
        assertEquals(10 * 32, compared);
    }

    @Test
    void elementsEncodeToTheBytesOfGgml() {
        for (String entry : ENCODED.strip().split("\n", -1)) {
            String[] sides = entry.split(" ", -1);
            assertEquals(sides[1], HexFormat.of().formatHex(((BlockEncoder) codec(sides[0])).encode(ramp())), sides[0]);
        }
    }

    @Property
    void anElementComesBackWithinTheStepOfItsBlock(@ForAll("blocks") Encoding.Block encoding, @ForAll long seed) {
        float[] elements = elements(seed);
        float[] back = BlockEncoder.of(encoding).round(elements);
        for (int start = 0; start < elements.length; start += 32) {
            double step = step(encoding, elements, start);
            for (int index = start; index < start + 32; index++) {
                assertEquals(elements[index], back[index], step, encoding + ", element " + index);
            }
        }
    }

    @Property
    void encodingWhatWasDecodedChangesNothing(@ForAll("blocks") Encoding.Block encoding, @ForAll long seed) {
        BlockEncoder codec = BlockEncoder.of(encoding);
        float[] once = codec.round(elements(seed));
        float[] twice = codec.round(once);
        // The minimum is added in float, which may cost the last bits of the scale; the other encodings lose nothing.
        boolean minimum = encoding == Encoding.Block.Q4_1 || encoding == Encoding.Block.Q5_1;
        double tolerance = minimum ? 0.02 : 0;
        for (int index = 0; index < once.length; index++) {
            assertEquals(once[index], twice[index], tolerance, encoding + ", element " + index);
        }
    }

    @Property
    void floatsOfSixteenBitsAreTheHalves(@ForAll float value) {
        assertEquals(
                Float.float16ToFloat(Float.floatToFloat16(value)),
                BlockEncoder.of(Encoding.Scalar.F16).round(new float[] {value})[0]);
        assertEquals(
                BrainFloat.toFloat(BrainFloat.ofFloat(value)),
                BlockEncoder.of(Encoding.Scalar.BF16).round(new float[] {value})[0]);
        assertEquals(value, BlockEncoder.of(Encoding.Scalar.F32).round(new float[] {value})[0]);
    }

    @Test
    void fieldsAreLittleEndianWhateverTheBufferSays() {
        byte[] one = {0, 0, (byte) 0x80, 0x3f};
        assertArrayEquals(
                new float[] {1}, BlockCodec.of(Encoding.Scalar.F32).decode(ByteBuffer.wrap(one)), "big-endian buffer");
    }

    @Test
    void partOfABlockIsRefused() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> codec("q8_0").decode(ByteBuffer.allocate(35)));
        assertEquals("35 bytes are not whole blocks of q8_0 (34 bytes each).", refusal.getMessage());
    }

    @Test
    void whatIsOnlyDecodedSaysSo() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> BlockEncoder.of(Encoding.Block.Q4_K));
        assertEquals("q4_k is decoded only; nothing here encodes it.", refusal.getMessage());
    }

    @Test
    void integersHaveNoCodec() {
        assertThrows(IllegalArgumentException.class, () -> BlockCodec.of(Encoding.Scalar.U32));
    }

    @Provide
    Arbitrary<Encoding.Block> blocks() {
        return Arbitraries.of(Encoding.Block.class).filter(encoding -> BlockCodec.of(encoding) instanceof BlockEncoder);
    }

    /**
     * All multiples of an eighth from -3.75 to 4.125, in an order in which each comes from elsewhere in the range;
     * every second is there.
     */
    private static float[] ramp() {
        float[] elements = new float[32];
        for (int index = 0; index < elements.length; index++) {
            elements[index] = (index * 37 % 64 - 30) / 8f;
        }
        return elements;
    }

    /** Three blocks of normally distributed elements. */
    private static float[] elements(long seed) {
        Random random = new Random(seed);
        float[] elements = new float[96];
        for (int index = 0; index < elements.length; index++) {
            elements[index] = (float) random.nextGaussian();
        }
        return elements;
    }

    /**
     * How far an element may stray: half a step, and the rounding of the scale to a half. Where zero is in the middle
     * of the range, the quantum opposite to the largest element is missing, so that its side may be a whole step off.
     */
    private static double step(Encoding.Block encoding, float[] elements, int start) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        for (int index = start; index < start + 32; index++) {
            least = Math.min(least, elements[index]);
            greatest = Math.max(greatest, elements[index]);
        }
        double magnitude = Math.max(-least, greatest);
        double steps = switch (encoding) {
            case Q4_0 -> magnitude / 8;
            case Q4_1 -> (greatest - least) / 15 / 2;
            case Q5_0 -> magnitude / 16;
            case Q5_1 -> (greatest - least) / 31 / 2;
            case Q8_0 -> magnitude / 127 / 2;
            case Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4 ->
                throw new IllegalArgumentException(encoding + " has no encoder.");
        };
        assertTrue(steps > 0, "the elements differ");
        return steps + (greatest - least) * 0x1p-10;
    }

    private static BlockCodec codec(String name) {
        return BlockCodec.of(Encoding.named(name).orElseThrow());
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}
