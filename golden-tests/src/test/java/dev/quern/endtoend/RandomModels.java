package dev.quern.endtoend;

import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufTensor;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.ValueType;
import dev.quern.ir.Encoding;
import dev.quern.reference.BlockCodec;
import dev.quern.reference.BlockEncoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Writes small models of the architecture {@code llama} with random weights, the same in every run. They are complete, tokenizer included, so
 * that llama.cpp loads them too.
 */
final class RandomModels {
    /** How many tokens every model knows: no multiple of 8, so that the last tile of the output is not full. */
    static final int VOCABULARY = 300;

    private static final int FIRST_LETTER = 259;

    /** Larger than 1, so that the largest logits stand out and attention looks at some positions more than at others. */
    private static final double SPREAD = 1.8;

    private RandomModels() {}

    /**
     * The sizes of a model.
     *
     * @param inner elements between the two halves of the feed-forward part
     * @param tied whether the embedding serves as output matrix
     * @param factors whether there is a tensor of factors for the rotary frequencies
     */
    record Shape(
            String name,
            int width,
            int layers,
            int heads,
            int keyValueHeads,
            int headSize,
            int inner,
            boolean tied,
            boolean factors) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * How the matrices of a model are encoded.
     *
     * @param most the type of those that are not named
     * @param exceptions types by the part of a tensor's name that says its role, such as {@code attn_q}
     */
    record Recipe(String name, GgufTensorType most, Map<String, GgufTensorType> exceptions) {
        /** The same type for all matrices. */
        static Recipe uniform(GgufTensorType type) {
            return new Recipe(type.name(), type, Map.of());
        }

        /** The type of a matrix; F16 where its rows are no whole number of blocks, as converters do it. */
        GgufTensorType type(String role, int columns) {
            GgufTensorType wanted = exceptions.getOrDefault(role, most);
            return columns % wanted.blockElements() == 0 ? wanted : GgufTensorType.F16;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The file of a model. */
    static byte[] write(Shape shape, Recipe recipe) {
        return new Model(shape, recipe).write().toBytes();
    }

    /** The same model with every tensor decoded and stored as F32. */
    static byte[] decoded(byte[] model) {
        GgufFile file = GgufReader.read(ByteSource.of(model));
        var copy = new GgufWriter();
        file.metadata().entries().forEach(entry -> copy.put(entry.key(), entry.value()));
        ModelBytes bytes = new ModelBytes(file);
        for (GgufTensor tensor : file.tensors()) {
            float[] values = BlockCodec.of(encoding(tensor.type())).decode(bytes.bytes(tensor.name()));
            copy.tensor(
                    tensor.name(),
                    GgufTensorType.F32,
                    tensor.extents(),
                    BlockEncoder.of(Encoding.Scalar.F32).encode(values));
        }
        return copy.toBytes();
    }

    private static Encoding encoding(GgufTensorType type) {
        return Encoding.named(type.name().toLowerCase(Locale.ROOT)).orElseThrow();
    }

    /** The metadata of a model, tokenizer included, and no tensors yet. */
    static GgufWriter metadata(Shape shape, String encoding) {
        GgufWriter writer = new GgufWriter()
                .string("general.architecture", "llama")
                .string("general.name", "random " + shape + " " + encoding)
                .u32("llama.block_count", shape.layers())
                .u32("llama.context_length", 256)
                .u32("llama.embedding_length", shape.width())
                .u32("llama.feed_forward_length", shape.inner())
                .u32("llama.attention.head_count", shape.heads())
                .u32("llama.attention.head_count_kv", shape.keyValueHeads())
                .u32("llama.attention.key_length", shape.headSize())
                .u32("llama.attention.value_length", shape.headSize())
                .u32("llama.rope.dimension_count", shape.headSize())
                .f32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        tokenizer(writer);
        return writer;
    }

    /** A tokenizer of the kind SPM: three control tokens, one token for each byte, and letters. */
    private static void tokenizer(GgufWriter writer) {
        String[] tokens = new String[VOCABULARY];
        long[] types = new long[VOCABULARY];
        float[] scores = new float[VOCABULARY];
        List<String> control = List.of("<unk>", "<s>", "</s>");
        for (int id = 0; id < VOCABULARY; id++) {
            if (id < control.size()) {
                tokens[id] = control.get(id);
                types[id] = id == 0 ? 2 : 3;
            } else if (id < FIRST_LETTER) {
                tokens[id] = String.format(Locale.ROOT, "<0x%02X>", id - control.size());
                types[id] = 6;
            } else {
                int letter = id - FIRST_LETTER;
                tokens[id] = (letter < 26 ? "" : "\u2581") + (char) ('a' + letter % 26);
                types[id] = 1;
                scores[id] = -id;
            }
        }
        writer.string("tokenizer.ggml.model", "llama")
                .put("tokenizer.ggml.tokens", StringArray.of(tokens))
                .put("tokenizer.ggml.scores", NumberArray.ofFloats(scores))
                .put("tokenizer.ggml.token_type", NumberArray.ofIntegers(ValueType.I32, types))
                .u32("tokenizer.ggml.bos_token_id", 1)
                .u32("tokenizer.ggml.eos_token_id", 2)
                .u32("tokenizer.ggml.unknown_token_id", 0);
    }

    /** One model while it is written. */
    private static final class Model {
        private final Shape shape;
        private final Recipe recipe;
        private final GgufWriter writer;
        private final SplittableRandom random;

        Model(Shape shape, Recipe recipe) {
            this.shape = shape;
            this.recipe = recipe;
            this.writer = metadata(shape, recipe.toString());
            this.random = new SplittableRandom(31L * shape.width() + shape.inner());
        }

        GgufWriter write() {
            int queries = shape.heads() * shape.headSize();
            int keys = shape.keyValueHeads() * shape.headSize();
            matrix("", "token_embd", shape.width(), VOCABULARY, Math.sqrt(shape.width()));
            if (shape.factors()) {
                vector("rope_freqs.weight", shape.headSize() / 2, 2.5, 1.5);
            }
            for (int layer = 0; layer < shape.layers(); layer++) {
                String prefix = "blk." + layer + ".";
                vector(prefix + "attn_norm.weight", shape.width(), 1, 0.3);
                matrix(prefix, "attn_q", shape.width(), queries, SPREAD);
                matrix(prefix, "attn_k", shape.width(), keys, SPREAD);
                matrix(prefix, "attn_v", shape.width(), keys, 1);
                matrix(prefix, "attn_output", queries, shape.width(), 1);
                vector(prefix + "ffn_norm.weight", shape.width(), 1, 0.3);
                matrix(prefix, "ffn_gate", shape.width(), shape.inner(), SPREAD);
                matrix(prefix, "ffn_up", shape.width(), shape.inner(), 1);
                matrix(prefix, "ffn_down", shape.inner(), shape.width(), 1);
            }
            vector("output_norm.weight", shape.width(), 1, 0.3);
            if (!shape.tied()) {
                matrix("", "output", shape.width(), VOCABULARY, SPREAD);
            }
            return writer;
        }

        /** Elements whose mean square is {@code gain} squared over the number of columns. */
        private void matrix(String prefix, String role, int columns, int rows, double gain) {
            GgufTensorType type = recipe.type(role, columns);
            float[] values = values(columns * rows, 0, gain * Math.sqrt(3.0 / columns));
            writer.tensor(
                    prefix + role + ".weight",
                    type,
                    List.of((long) columns, (long) rows),
                    BlockEncoder.of(encoding(type)).encode(values));
        }

        private void vector(String name, int elements, double centre, double spread) {
            float[] values = values(elements, centre, spread);
            writer.tensor(
                    name,
                    GgufTensorType.F32,
                    List.of((long) elements),
                    BlockEncoder.of(Encoding.Scalar.F32).encode(values));
        }

        private float[] values(int count, double centre, double spread) {
            float[] values = new float[count];
            for (int index = 0; index < count; index++) {
                values[index] = (float) (centre + spread * (2 * random.nextDouble() - 1));
            }
            return values;
        }
    }
}
