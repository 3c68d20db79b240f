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
import dev.quern.reference.RandomBlocks;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Writes small models of the architecture {@code llama} with random weights, the same in every run. They are complete,
 * tokenizer included, so that llama.cpp loads them too.
 */
final class RandomModels {
    /** How many tokens every model knows: no multiple of 8, so that the last tile of the output is not full. */
    static final int VOCABULARY = 300;

    private static final int FIRST_LETTER = 259;

    /**
     * Larger than 1, so that the largest logits stand out and attention looks at some positions more than at others.
     */
    private static final double SPREAD = 1.8;

    private RandomModels() {}

    /**
     * The sizes of a model.
     *
     * @param inner elements between the two halves of the feed-forward part
     * @param tied whether the embedding serves as output matrix
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
            Rope rope) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** How files of this architecture say by what positions turn queries and keys. */
    enum Rope {
        /** Nothing is said: frequencies to the base of 10,000. */
        PLAIN,
        /** Another base. */
        BASE,
        /** A tensor of factors by which frequencies are divided, and another base. */
        FACTORS,
        /** The context was extended by a factor, and rotated queries and keys are multiplied by another. */
        LINEAR,
        /** The same in the words of older files. */
        OLD_LINEAR;

        private static final float FACTOR = 4;
        private static final float ATTENTION_FACTOR = 1.25f;

        void write(GgufWriter writer) {
            switch (this) {
                case PLAIN -> {}
                case BASE, FACTORS -> writer.f32("llama.rope.freq_base", 500_000);
                case LINEAR ->
                    writer.string("llama.rope.scaling.type", "linear")
                            .f32("llama.rope.scaling.factor", FACTOR)
                            .f32("llama.rope.scaling.attn_factor", ATTENTION_FACTOR);
                case OLD_LINEAR -> writer.f32("llama.rope.scale_linear", FACTOR);
            }
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
        shape.rope().write(writer);
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
            int width = shape.width();
            int queries = shape.heads() * shape.headSize();
            int keys = shape.keyValueHeads() * shape.headSize();
            String embedding = shape.tied() && recipe.exceptions().containsKey("output") ? "output" : "token_embd";
            matrix("token_embd", recipe.type(embedding, width), width, VOCABULARY, Math.sqrt(width));
            if (shape.rope() == Rope.FACTORS) {
                vector("rope_freqs.weight", shape.headSize() / 2, 2.5, 1.5);
            }
            for (int layer = 0; layer < shape.layers(); layer++) {
                String prefix = "blk." + layer + ".";
                vector(prefix + "attn_norm.weight", width, 1, 0.3);
                matrix(layer, "attn_q", width, queries, SPREAD);
                matrix(layer, "attn_k", width, keys, SPREAD);
                matrix(layer, "attn_v", width, keys, 1);
                matrix(layer, "attn_output", queries, width, 1);
                vector(prefix + "ffn_norm.weight", width, 1, 0.3);
                matrix(layer, "ffn_gate", width, shape.inner(), SPREAD);
                matrix(layer, "ffn_up", width, shape.inner(), 1);
                matrix(layer, "ffn_down", shape.inner(), width, 1);
            }
            vector("output_norm.weight", width, 1, 0.3);
            if (!shape.tied()) {
                matrix("output", recipe.type("output", width), width, VOCABULARY, SPREAD);
            }
            return writer;
        }

        private void matrix(int layer, String role, int columns, int rows, double gain) {
            matrix("blk." + layer + "." + role, recipe.type(layer, role, columns), columns, rows, gain);
        }

        /**
         * Elements whose mean square is {@code gain} squared over the number of columns; in blocks, with every value of
         * their fields.
         */
        private void matrix(String name, GgufTensorType type, int columns, int rows, double gain) {
            int count = columns * rows;
            byte[] data = switch (encoding(type)) {
                case Encoding.Scalar scalar ->
                    BlockEncoder.of(scalar).encode(values(count, 0, gain * Math.sqrt(3.0 / columns)));
                case Encoding.Block block ->
                    RandomBlocks.spread(random, block, count, gain / Math.sqrt(columns))
                            .array();
            };
            writer.tensor(name + ".weight", type, List.of((long) columns, (long) rows), data);
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
