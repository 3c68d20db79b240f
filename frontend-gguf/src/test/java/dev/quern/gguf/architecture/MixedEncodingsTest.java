package dev.quern.gguf.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.SmallModels;
import dev.quern.ir.Encoding;
import dev.quern.ir.Module;
import dev.quern.ir.TensorType;
import dev.quern.reference.BlockCodec;
import dev.quern.reference.BlockEncoder;
import dev.quern.reference.RandomBlocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files as quantising tools write them: several encodings in one, chosen by the role of a matrix and by the length of
 * its rows.
 */
class MixedEncodingsTest {
    private static final int WIDTH = 256;
    /** No multiple of 256: rows of this length cannot be stored in blocks of 256. */
    private static final int INNER = 320;

    private static final GraphOptions OPTIONS = new GraphOptions(32, 8, Encoding.Scalar.F32);

    /**
     * What the names of mixtures stand for.
     *
     * @param most the type of most matrices
     * @param more the type of those that matter more: values, output
     * @param rows the type of matrices whose rows are no whole blocks of {@code most}
     * @param tied whether the embedding is the output matrix, and has the type of one
     */
    enum Mixture {
        Q2_K(GgufTensorType.Q2_K, GgufTensorType.Q4_K, GgufTensorType.IQ4_NL, false),
        Q3_K_M(GgufTensorType.Q3_K, GgufTensorType.Q5_K, GgufTensorType.IQ4_NL, true),
        Q4_K_M(GgufTensorType.Q4_K, GgufTensorType.Q6_K, GgufTensorType.Q8_0, false),
        Q4_K_M_TIED(GgufTensorType.Q4_K, GgufTensorType.Q6_K, GgufTensorType.Q5_0, true),
        Q5_K_M(GgufTensorType.Q5_K, GgufTensorType.Q6_K, GgufTensorType.Q5_1, true),
        Q6_K(GgufTensorType.Q6_K, GgufTensorType.Q8_0, GgufTensorType.Q8_0, true),
        IQ4_XS(GgufTensorType.IQ4_XS, GgufTensorType.Q5_K, GgufTensorType.IQ4_NL, false),
        MXFP4(GgufTensorType.MXFP4, GgufTensorType.BF16, GgufTensorType.MXFP4, false);

        private final GgufTensorType most;
        private final GgufTensorType more;
        private final GgufTensorType rows;
        private final boolean tied;

        Mixture(GgufTensorType most, GgufTensorType more, GgufTensorType rows, boolean tied) {
            this.most = most;
            this.more = more;
            this.rows = rows;
            this.tied = tied;
        }

        private GgufTensorType type(String name, int columns) {
            if (columns % most.blockElements() != 0) {
                return rows;
            }
            boolean matters = name.equals("output.weight")
                    || name.endsWith("attn_v.weight")
                    || (tied && name.equals("token_embd.weight"));
            return matters ? more : most;
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsFoundInAMixedFile(Mixture mixture) {
        assertEquals(List.of(), Checks.findings(ByteSource.of(model(mixture).toBytes()), true));
    }

    @ParameterizedTest
    @EnumSource
    void weightsHaveTheEncodingsOfTheFile(Mixture mixture) {
        GgufFile file = read(model(mixture));
        Module module = Architectures.of(file).build(file, OPTIONS);
        List<String> encodings = new ArrayList<>();
        for (GgufTensor tensor : file.tensors()) {
            if (tensor.extents().size() == 2) {
                String name = tensor.name().replace(".weight", "");
                TensorType type = module.weight(name).orElseThrow().type();
                Encoding encoding = WeightTable.encoding(tensor.type()).orElseThrow();
                assertEquals(
                        TensorType.of(
                                encoding,
                                tensor.extents().get(1),
                                tensor.extents().getFirst()),
                        type,
                        name);
                encodings.add(encoding.text());
            }
        }
        assertTrue(encodings.contains(mixture.most.name().toLowerCase(Locale.ROOT)), encodings.toString());
        assertTrue(encodings.contains(mixture.rows.name().toLowerCase(Locale.ROOT)), encodings.toString());
        assertEquals(mixture.tied, module.weight("output").isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void aMixedFileComputesWhatItsDecodedCopyDoes(Mixture mixture) throws IOException {
        GgufWriter writer = model(mixture);
        GgufFile file = read(writer);
        for (GgufTensor tensor : file.tensors()) {
            byte[] data = new byte[(int) tensor.bytes()];
            file.read(tensor, 0, data, 0, data.length);
            Encoding encoding = WeightTable.encoding(tensor.type()).orElseThrow();
            float[] elements = BlockCodec.of(encoding).decode(ByteBuffer.wrap(data));
            writer.tensor(
                    tensor.name(),
                    GgufTensorType.F32,
                    tensor.extents(),
                    BlockEncoder.of(Encoding.Scalar.F32).encode(elements));
        }
        float[] logits = logits(file);
        assertArrayEquals(logits(read(writer)), logits);
        assertTrue(Arrays.stream(toDoubles(logits)).allMatch(Double::isFinite));
        assertTrue(Arrays.stream(toDoubles(logits)).distinct().count() > SmallModels.VOCABULARY / 2);
    }

    static List<GgufTensorType> notRun() {
        return Arrays.stream(GgufTensorType.values())
                .filter(type -> WeightTable.encoding(type).isEmpty())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("notRun")
    void encodingsThatAreNotRunAreRefusedByName(GgufTensorType type) {
        GgufWriter writer = model(Mixture.Q4_K_M);
        for (int layer = 0; layer < 2; layer++) {
            writer.tensor(
                    "blk." + layer + ".attn_q.weight",
                    type,
                    List.of((long) WIDTH, (long) WIDTH),
                    new byte[WIDTH * WIDTH / type.blockElements() * type.blockBytes()]);
        }
        GgufFile file = read(writer);
        GgufException refusal =
                assertThrows(GgufException.class, () -> Architectures.of(file).build(file, OPTIONS));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(
                message.contains("tensor 'blk.0.attn_q.weight': The tensor is stored as " + type
                        + " (as are 1 more), which Quern does not run. It runs F32, F16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0,"
                        + " Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, "),
                message);
        assertTrue(message.contains("Fetch the model in one of these types"), message);
    }

    @Test
    void rowsThatAreNoWholeBlocksAreRefused() {
        GgufWriter writer = model(Mixture.Q4_K_M)
                .tensor("blk.1.ffn_down.weight", GgufTensorType.F32, List.of(320L, 256L), new byte[320 * 256 * 4]);
        byte[] bytes = writer.toBytes();
        byte[] name = "blk.1.ffn_down.weight".getBytes(StandardCharsets.UTF_8);
        int at = indexOf(bytes, name) + name.length + 4 + 2 * 8;
        bytes[at] = (byte) GgufTensorType.Q4_K.id();
        GgufException refusal = assertThrows(GgufException.class, () -> GgufReader.read(ByteSource.of(bytes)));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(
                message.contains("tensor 'blk.1.ffn_down.weight': A row of 320 elements cannot be stored as Q4_K, whose"
                        + " blocks hold 256 elements"),
                message);
    }

    private static float[] logits(GgufFile file) {
        var greedy = new Greedy(file, OPTIONS);
        greedy.prefill(1, 40, 50);
        return greedy.step(60);
    }

    private static double[] toDoubles(float[] logits) {
        double[] doubles = new double[logits.length];
        for (int index = 0; index < logits.length; index++) {
            doubles[index] = logits[index];
        }
        return doubles;
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int at = 0; at + part.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new AssertionError("not found");
    }

    private static GgufFile read(GgufWriter writer) {
        return GgufReader.read(ByteSource.of(writer.toBytes()));
    }

    /** The small model, wider, its matrices as the mixture has them. */
    private static GgufWriter model(Mixture mixture) {
        GgufWriter writer = SmallModels.llama()
                .u32("llama.embedding_length", WIDTH)
                .u32("llama.feed_forward_length", INNER)
                .u32("llama.rope.dimension_count", WIDTH / 4);
        Random random = new Random(7);
        matrix(writer, random, mixture, "token_embd.weight", WIDTH, SmallModels.VOCABULARY);
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "blk." + layer + ".";
            gains(writer, prefix + "attn_norm.weight");
            matrix(writer, random, mixture, prefix + "attn_q.weight", WIDTH, WIDTH);
            matrix(writer, random, mixture, prefix + "attn_k.weight", WIDTH, WIDTH / 2);
            matrix(writer, random, mixture, prefix + "attn_v.weight", WIDTH, WIDTH / 2);
            matrix(writer, random, mixture, prefix + "attn_output.weight", WIDTH, WIDTH);
            gains(writer, prefix + "ffn_norm.weight");
            matrix(writer, random, mixture, prefix + "ffn_gate.weight", WIDTH, INNER);
            matrix(writer, random, mixture, prefix + "ffn_up.weight", WIDTH, INNER);
            matrix(writer, random, mixture, prefix + "ffn_down.weight", INNER, WIDTH);
        }
        gains(writer, "output_norm.weight");
        if (!mixture.tied) {
            matrix(writer, random, mixture, "output.weight", WIDTH, SmallModels.VOCABULARY);
        }
        return writer;
    }

    private static void matrix(GgufWriter writer, Random random, Mixture mixture, String name, int columns, int rows) {
        GgufTensorType type = mixture.type(name, columns);
        ByteBuffer blocks = RandomBlocks.spread(
                random, WeightTable.encoding(type).orElseThrow(), columns * rows, 1 / Math.sqrt(columns));
        byte[] data = new byte[blocks.remaining()];
        blocks.get(data);
        writer.tensor(name, type, List.of((long) columns, (long) rows), data);
    }

    private static void gains(GgufWriter writer, String name) {
        float[] ones = new float[WIDTH];
        Arrays.fill(ones, 1);
        writer.tensor(
                name,
                GgufTensorType.F32,
                List.of((long) WIDTH),
                BlockEncoder.of(Encoding.Scalar.F32).encode(ones));
    }
}
