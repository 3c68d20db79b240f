package dev.quern.gguf;

import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import java.util.List;

/**
 * Models of a few kilobytes for tests: complete in metadata, tensors and tokenizer, with random weights that are the
 * same in every run.
 */
public final class SmallModels {
    /** The number of tokens of every small model. */
    public static final int VOCABULARY = 300;

    private static final int LAYERS = 2;
    private static final int WIDTH = 64;
    private static final int HEADS = 4;
    private static final int KEY_VALUE_HEADS = 2;
    private static final int INNER = 96;

    private SmallModels() {}

    /** A llama with two layers: width 64, four heads over two, tied output, weights as f32, an SPM tokenizer. */
    public static GgufWriter llama() {
        return withTensorsOfLlama("llama");
    }

    /** The same keys under the name of another architecture, and the same tensors. */
    public static GgufWriter withTensorsOfLlama(String architecture) {
        var writer = new GgufWriter()
                .string("general.architecture", architecture)
                .string("general.name", "small " + architecture)
                .u32(architecture + ".block_count", LAYERS)
                .u32(architecture + ".context_length", 128)
                .u32(architecture + ".embedding_length", WIDTH)
                .u32(architecture + ".feed_forward_length", INNER)
                .u32(architecture + ".attention.head_count", HEADS)
                .u32(architecture + ".attention.head_count_kv", KEY_VALUE_HEADS)
                .u32(architecture + ".rope.dimension_count", WIDTH / HEADS)
                .f32(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f);
        tokenizer(writer);
        var random = new Random(1);
        matrix(writer, random, "token_embd.weight", WIDTH, VOCABULARY);
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "blk." + layer + ".";
            gains(writer, random, prefix + "attn_norm.weight");
            matrix(writer, random, prefix + "attn_q.weight", WIDTH, WIDTH);
            matrix(writer, random, prefix + "attn_k.weight", WIDTH, WIDTH / HEADS * KEY_VALUE_HEADS);
            matrix(writer, random, prefix + "attn_v.weight", WIDTH, WIDTH / HEADS * KEY_VALUE_HEADS);
            matrix(writer, random, prefix + "attn_output.weight", WIDTH, WIDTH);
            gains(writer, random, prefix + "ffn_norm.weight");
            matrix(writer, random, prefix + "ffn_gate.weight", WIDTH, INNER);
            matrix(writer, random, prefix + "ffn_up.weight", WIDTH, INNER);
            matrix(writer, random, prefix + "ffn_down.weight", INNER, WIDTH);
        }
        gains(writer, random, "output_norm.weight");
        return writer;
    }

    /** The tokens {@code <unk> <s> </s>}, a token for each byte, and some letters. */
    private static void tokenizer(GgufWriter writer) {
        String[] tokens = new String[VOCABULARY];
        long[] types = new long[VOCABULARY];
        float[] scores = new float[VOCABULARY];
        tokens[0] = "<unk>";
        tokens[1] = "<s>";
        tokens[2] = "</s>";
        types[0] = 2;
        types[1] = 3;
        types[2] = 3;
        for (int i = 3; i < 259; i++) {
            String digits = "0123456789ABCDEF";
            tokens[i] = "<0x" + digits.charAt((i - 3) >> 4) + digits.charAt((i - 3) & 15) + ">";
            types[i] = 6;
        }
        for (int i = 259; i < VOCABULARY; i++) {
            tokens[i] = i < 285 ? String.valueOf((char) ('a' + i - 259)) : "\u2581" + (char) ('a' + i - 285);
            types[i] = 1;
            scores[i] = -i;
        }
        writer.string("tokenizer.ggml.model", "llama")
                .put("tokenizer.ggml.tokens", StringArray.of(tokens))
                .put("tokenizer.ggml.scores", NumberArray.ofFloats(scores))
                .put("tokenizer.ggml.token_type", NumberArray.ofIntegers(ValueType.I32, types))
                .u32("tokenizer.ggml.bos_token_id", 1)
                .u32("tokenizer.ggml.eos_token_id", 2);
    }

    private static void matrix(GgufWriter writer, Random random, String name, int columns, int rows) {
        writer.tensor(
                name,
                GgufTensorType.F32,
                List.of((long) columns, (long) rows),
                floats(random, columns * rows, 0, (float) (1 / Math.sqrt(columns))));
    }

    private static void gains(GgufWriter writer, Random random, String name) {
        writer.tensor(name, GgufTensorType.F32, List.of((long) WIDTH), floats(random, WIDTH, 1, 0.1f));
    }

    /** Numbers as f32, evenly spread around a centre. */
    private static byte[] floats(Random random, int count, float centre, float spread) {
        var out = new LittleEndianWriter();
        for (int i = 0; i < count; i++) {
            out.u32(Float.floatToRawIntBits(centre + spread * random.next()));
        }
        return out.toBytes();
    }

    /** Numbers from -1 to 1, the same on every platform. */
    private static final class Random {
        private long state;

        Random(long seed) {
            state = seed;
        }

        float next() {
            state = state * 6364136223846793005L + 1442695040888963407L;
            return (int) (state >> 32) * 0x1p-31f;
        }
    }
}
