package dev.quern.reference.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.ir.Encoding;
import dev.quern.reference.BlockCodec;
import dev.quern.reference.BlockEncoder;
import dev.quern.reference.DecodingRecord;
import dev.quern.reference.RandomBlocks;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CodecAgreementTest {
    private static final int BLOCKS = Integer.getInteger("quern.codec.blocks", 20_000);

    static List<Encoding> floats() {
        return RandomBlocks.encodings();
    }

    static List<Encoding> encoded() {
        return floats().stream()
                .filter(encoding -> encoding instanceof Encoding.Block)
                .filter(encoding -> BlockCodec.of(encoding) instanceof BlockEncoder)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("floats")
    void randomBlocksDecodeToTheBitsOfGgml(Encoding encoding) {
        CodecAgreement.Result result = CodecAgreement.compare(encoding, BLOCKS, 20);
        assertEquals(BLOCKS, result.blocks());
        assertTrue(result.equal(), result.toString());
        // Only here a product and a minimum, both of which may be NaN, are added.
        if (encoding != Encoding.Block.Q4_1 && encoding != Encoding.Block.Q5_1) {
            assertEquals(0, result.payloads(), "blocks with other payloads");
        }
    }

    @ParameterizedTest
    @MethodSource("encoded")
    void normallyDistributedElementsEncodeToTheBytesOfGgml(Encoding encoding) {
        float[] elements = new float[32 * 500];
        Random random = new Random(21);
        for (int index = 0; index < elements.length; index++) {
            elements[index] = (float) random.nextGaussian();
        }
        assertArrayEquals(
                Ggml.require().encode(encoding, elements, 320),
                BlockEncoder.of(encoding).encode(elements));
    }

    @ParameterizedTest
    @EnumSource(Encoding.Block.class)
    void theRecordOfDecodingIsThatOfGgml(Encoding.Block encoding) {
        float[] elements = Ggml.require().decode(encoding, DecodingRecord.blocks(encoding));
        assertEquals(DecodingRecord.expected(encoding), DecodingRecord.digest(elements), encoding.name());
    }
}
