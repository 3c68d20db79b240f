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
import java.util.SplittableRandom;

/**
 * Writes small models with random weights, the same in every run: of the architecture {@code llama} unless another
 * {@link Kind} is asked for. They are complete, tokenizer included, so that llama.cpp loads them too.
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

        void write(Kind.Keys keys) {
            switch (this) {
                case PLAIN -> {}
                case BASE, FACTORS -> keys.number("rope.freq_base", 500_000);
                case LINEAR -> {
                    keys.text("rope.scaling.type", "linear");
                    keys.number("rope.scaling.factor", FACTOR);
                    keys.number("rope.scaling.attn_factor", ATTENTION_FACTOR);
                }
                case OLD_LINEAR -> keys.number("rope.scale_linear", FACTOR);
            }
        }
    }

    /** The file of a model. */
    static byte[] write(Shape shape, Recipe recipe) {
        return write(Kind.LLAMA, shape, recipe);
    }

    /** The file of a model of another family. */
    static byte[] write(Kind kind, Shape shape, Recipe recipe) {
        GgufWriter writer = metadata(kind, shape, VOCABULARY, recipe.toString());
        var random = new SplittableRandom(31L * shape.width() + shape.inner());
        tensors(kind, shape, VOCABULARY, recipe, new RandomTensors(writer, random));
        return writer.toBytes();
    }

    /** The same model with every tensor decoded and stored as F32. */
    static byte[] decoded(byte[] model) {
        GgufFile file = GgufReader.read(ByteSource.of(model));
        var copy = new GgufWriter();
        file.metadata().entries().forEach(entry -> copy.put(entry.key(), entry.value()));
        ModelBytes bytes = new ModelBytes(file);
        for (GgufTensor tensor : file.tensors()) {
            float[] values =
                    BlockCodec.of(RandomTensors.encoding(tensor.type())).decode(bytes.bytes(tensor.name()));
            copy.tensor(
                    tensor.name(),
                    GgufTensorType.F32,
                    tensor.extents(),
                    BlockEncoder.of(Encoding.Scalar.F32).encode(values));
        }
        return copy.toBytes();
    }

    /** The metadata of a model, tokenizer included, and no tensors yet. */
    static GgufWriter metadata(Shape shape, String encoding) {
        return metadata(Kind.LLAMA, shape, VOCABULARY, encoding);
    }

    /** The metadata of a model of another family, which knows so many tokens. */
    static GgufWriter metadata(Kind kind, Shape shape, int vocabulary, String encoding) {
        GgufWriter writer = new GgufWriter()
                .string("general.architecture", kind.architecture())
                .string("general.name", "random " + shape + " " + encoding);
        var keys = new Kind.Keys(writer, kind.architecture());
        keys.count("block_count", shape.layers());
        keys.count("context_length", 256);
        keys.count("embedding_length", shape.width());
        keys.count("feed_forward_length", shape.inner());
        keys.count("attention.head_count", shape.heads());
        keys.count("attention.head_count_kv", shape.keyValueHeads());
        keys.count("attention.key_length", shape.headSize());
        keys.count("attention.value_length", shape.headSize());
        keys.count("rope.dimension_count", shape.headSize());
        keys.number("attention.layer_norm_rms_epsilon", 1e-5f);
        shape.rope().write(keys);
        kind.writeKeys(writer);
        tokenizer(writer, vocabulary);
        return writer;
    }

    /** The tensors of a model, in the order in which its file has them. */
    static void tensors(Kind kind, Shape shape, int vocabulary, Recipe recipe, TensorReceiver tensors) {
        new Model(kind, shape, vocabulary, recipe, tensors).write();
    }

    /** A tokenizer of the kind SPM: three control tokens, one token for each byte, letters, and pairs of these. */
    private static void tokenizer(GgufWriter writer, int vocabulary) {
        String[] tokens = new String[vocabulary];
        long[] types = new long[vocabulary];
        float[] scores = new float[vocabulary];
        List<String> control = List.of("<unk>", "<s>", "</s>");
        for (int id = 0; id < vocabulary; id++) {
            if (id < control.size()) {
                tokens[id] = control.get(id);
                types[id] = id == 0 ? 2 : 3;
            } else if (id < FIRST_LETTER) {
                tokens[id] = String.format(Locale.ROOT, "<0x%02X>", id - control.size());
                types[id] = 6;
            } else {
                int letter = id - FIRST_LETTER;
                String more = letter < 52 ? "" : Integer.toString(letter / 52);
                tokens[id] = (letter % 52 < 26 ? "" : "\u2581") + (char) ('a' + letter % 26) + more;
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

    /** One model while its tensors are told. */
    private static final class Model {
        private final Kind kind;
        private final Shape shape;
        private final int vocabulary;
        private final Recipe recipe;
        private final TensorReceiver tensors;

        Model(Kind kind, Shape shape, int vocabulary, Recipe recipe, TensorReceiver tensors) {
            this.kind = kind;
            this.shape = shape;
            this.vocabulary = vocabulary;
            this.recipe = recipe;
            this.tensors = tensors;
        }

        void write() {
            int width = shape.width();
            String embedding = shape.tied() && recipe.exceptions().containsKey("output") ? "output" : "token_embd";
            double gain = kind.embeddingGain() == 0 ? Math.sqrt(width) : kind.embeddingGain();
            tensors.matrix("token_embd", recipe.type(embedding, width), width, vocabulary, gain);
            if (shape.rope() == Rope.FACTORS) {
                tensors.vector("rope_freqs.weight", shape.headSize() / 2, 2.5, 1.5);
            }
            if (kind.longFactors() > 0) {
                tensors.vector("rope_factors_long.weight", kind.longFactors(), 2.5, 1.5);
                tensors.vector("rope_factors_short.weight", kind.longFactors(), 1.2, 0.2);
            }
            for (int layer = 0; layer < shape.layers(); layer++) {
                layer(layer);
            }
            tensors.vector("output_norm.weight", width, 1, 0.3);
            if (!shape.tied()) {
                tensors.matrix("output", recipe.type("output", width), width, vocabulary, SPREAD);
            }
            if (kind.biases().contains("output")) {
                tensors.vector("output.bias", vocabulary, 0, 0.8);
            }
        }

        private void layer(int layer) {
            int width = shape.width();
            int inner = shape.inner();
            int queries = shape.heads() * shape.headSize();
            int keys = shape.keyValueHeads() * shape.headSize();
            gains(layer, kind.normsBefore(), "attn_norm", width);
            if (kind.joined()) {
                product(layer, "attn_qkv", width, queries + 2 * keys, SPREAD);
            } else {
                product(layer, "attn_q", width, queries, SPREAD);
                product(layer, "attn_k", width, keys, SPREAD);
                product(layer, "attn_v", width, keys, 1);
            }
            headGains(layer, "attn_q_norm", queries);
            headGains(layer, "attn_k_norm", keys);
            product(layer, "attn_output", queries, width, 1);
            gains(layer, kind.normsAfter(), "post_attention_norm", width);
            gains(layer, kind.normsBefore(), "ffn_norm", width);
            if (kind.joined()) {
                product(layer, "ffn_up", width, 2 * inner, SPREAD);
            } else {
                product(layer, "ffn_gate", width, inner, SPREAD);
                product(layer, "ffn_up", width, inner, 1);
            }
            product(layer, "ffn_down", inner, width, 1);
            gains(layer, kind.normsAfter(), "post_ffw_norm", width);
        }

        private void product(int layer, String role, int columns, int rows, double gain) {
            GgufTensorType type = recipe.type(layer, role, columns);
            tensors.matrix("blk." + layer + "." + role, type, columns, rows, gain);
            if (kind.biases().contains(role)) {
                tensors.vector("blk." + layer + "." + role + ".bias", rows, 0, 0.8);
            }
        }

        private void headGains(int layer, String role, int all) {
            switch (kind.headGains()) {
                case NONE -> {}
                case EACH_HEAD -> gains(layer, true, role, shape.headSize());
                case WHOLE_ROW -> gains(layer, true, role, all);
            }
        }

        private void gains(int layer, boolean present, String role, int length) {
            if (present) {
                tensors.vector("blk." + layer + "." + role + ".weight", length, 1, 0.3);
            }
        }
    }
}
