package dev.quern.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.ir.Encoding;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the bits of blocks lie: worked out by hand, and by laws. */
class BlockLayoutTest {

    /**
     * Blocks that are zero but for some bytes, and some of their elements. Scales {@code d} are a half (0x3800), minima
     * a quarter (0x3400).
     *
     * <pre>
     * q2_k    group 0 has s = 3, t = 7; group 13 has s = 15, t = 1
     * q3_k    group 0 has s = 37, group 8 has s = 33, the others 0, so that their elements are 0.5 * -32 * -4
     * q4_k    run 0 has s = 5, t = 3; run 4 has s = 2 + 16 * 3, t = 7 + 16
     * q5_k    as q4_k
     * q6_k    group 0 has s = 3, group 9 has s = -2
     * iq4_xs  group 0 has s = 33, group 7 has s = 30
     * mxfp4   the first with a scale of two, the second with 2^-127
     * </pre>
     */
    static List<String> workedOut() {
        return List.of(
                "q2_k | 80=0038 82=0034 0=73 13=1f 16=9d 64=30 | 0=-0.25 1=-1.75 32=0 208=22.25 209=-0.25 255=0",
                "q3_k | 108=0038 96=15 104=22 0=01 32=03 64=02 | 0=7.5 1=-10 32=64 64=64 128=-1 129=-2 255=64",
                "q4_k | 0=0038 2=0034 4=c5 8=43 12=72 16=a9 80=0f | 0=21.75 1=-0.75 32=0 128=369.25 129=-5.75 255=0",
                "q5_k | 0=0038 2=0034 4=c5 8=43 12=72 16=11 48=a9 112=0f | 0=61.75 1=-0.75 32=0 128=769.25 129=-5.75",
                "q6_k | 208=0038 192=03 201=fe 0=5f 80=04 128=03 176=02 | 0=46.5 1=-48 144=-4 145=32",
                "iq4_nl | 0=0038 2=f0 17=78 | 0=-63.5 1=-63.5 15=0.5 16=56.5 31=-5",
                "iq4_xs | 0=0038 2=02 3=40 4=01 7=e0 8=f8 120=09 | 0=0.5 1=-63.5 16=56.5 32=2032 224=-13 240=127",
                "mxfp4 | 0=80 1=f7 2=04 16=81 | 0=12 1=4 15=1 16=-12 17=0 31=0",
                "mxfp4 | 0=00 1=72 | 0=0x1p-127 16=0x1.8p-125");
    }

    @ParameterizedTest
    @MethodSource("workedOut")
    void elementsAreWhatOneWorksOutByHand(String line) {
        String[] parts = line.split(" \\| ", -1);
        Encoding encoding = Encoding.named(parts[0]).orElseThrow();
        byte[] block = new byte[encoding.bytes()];
        for (String field : parts[1].split(" ", -1)) {
            String[] sides = field.split("=", -1);
            for (int digit = 0; digit < sides[1].length(); digit += 2) {
                block[Integer.parseInt(sides[0]) + digit / 2] =
                        (byte) Integer.parseInt(sides[1].substring(digit, digit + 2), 16);
            }
        }
        float[] elements = BlockCodec.of(encoding).decode(ByteBuffer.wrap(block));
        for (String expected : parts[2].split(" ", -1)) {
            String[] sides = expected.split("=", -1);
            String value = sides[1].contains("p") || sides[1].contains(".") ? sides[1] : sides[1] + ".0";
            assertEquals(
                    Float.parseFloat(value), elements[Integer.parseInt(sides[0])], "element " + sides[0] + ": " + line);
        }
    }

    /**
     * A bit of a quantum changes one element, and each element has as many bits as the encoding says; no bit is idle.
     */
    @ParameterizedTest
    @CsvSource({
        "q4_0, 2, 18, 4",
        "q4_1, 4, 20, 4",
        "q5_0, 2, 22, 5",
        "q5_1, 4, 24, 5",
        "q8_0, 2, 34, 8",
        "q2_k, 16, 80, 2",
        "q3_k, 0, 96, 3",
        "q4_k, 16, 144, 4",
        "q5_k, 16, 176, 5",
        "q6_k, 0, 192, 6",
        "iq4_nl, 2, 18, 4",
        "iq4_xs, 8, 136, 4",
        "mxfp4, 1, 17, 4"
    })
    void everyBitOfAQuantumBelongsToOneElement(String name, int quantaFrom, int quantaTo, int bits) {
        Encoding encoding = Encoding.named(name).orElseThrow();
        BlockCodec codec = BlockCodec.of(encoding);
        byte[] block = new byte[encoding.bytes()];
        Arrays.fill(block, (byte) 0x55);
        float[] before = codec.decode(ByteBuffer.wrap(block));
        int[] changes = new int[encoding.elements()];
        for (int bit = 8 * quantaFrom; bit < 8 * quantaTo; bit++) {
            block[bit / 8] ^= (byte) (1 << (bit % 8));
            float[] after = codec.decode(ByteBuffer.wrap(block));
            block[bit / 8] ^= (byte) (1 << (bit % 8));
            int changed = 0;
            for (int element = 0; element < after.length; element++) {
                if (after[element] != before[element]) {
                    changes[element]++;
                    changed++;
                }
            }
            assertEquals(1, changed, "elements changed by bit " + bit % 8 + " of byte " + bit / 8);
        }
        for (int element = 0; element < changes.length; element++) {
            assertEquals(bits, changes[element], "bits of element " + element);
        }
    }

    /** The record was compared with ggml, and is each time where ggml is at hand. */
    @ParameterizedTest
    @EnumSource(Encoding.Block.class)
    void randomBlocksDecodeAsOnRecord(Encoding.Block encoding) {
        float[] elements = BlockCodec.of(encoding).decode(ByteBuffer.wrap(DecodingRecord.blocks(encoding)));
        assertEquals(DecodingRecord.expected(encoding), DecodingRecord.digest(elements));
    }
}
