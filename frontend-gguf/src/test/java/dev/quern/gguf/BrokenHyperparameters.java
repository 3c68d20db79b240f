package dev.quern.gguf;

import static dev.quern.gguf.BrokenFile.refused;
import static dev.quern.gguf.BrokenFile.warned;

import dev.quern.gguf.GgufValue.FloatValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Small models whose hyper-parameters or tensors do not fit together. */
final class BrokenHyperparameters {
    private static final String ARCHITECTURE = "general.architecture";

    private BrokenHyperparameters() {}

    static List<BrokenFile> all() {
        return Stream.of(numbers(), rotary(), tensors(), parts())
                .flatMap(List::stream)
                .toList();
    }

    private static List<BrokenFile> numbers() {
        return List.of(
                model(
                        "no architecture",
                        "key 'general.architecture': The key is missing",
                        model -> model.remove(ARCHITECTURE)),
                model(
                        "an unknown architecture",
                        "'lama' is not supported. Supported: llama",
                        model -> model.string(ARCHITECTURE, "lama")),
                model(
                        "an architecture that is no string",
                        "must be a string, but is u32 7",
                        model -> model.u32(ARCHITECTURE, 7)),
                model(
                        "no number of layers",
                        "key 'llama.block_count': The key is missing",
                        model -> model.remove("llama.block_count")),
                u32("no layers", "block_count", 0, "must be 1 to 512, but is 0"),
                u32("2^31 layers", "block_count", 1L << 31, "but is 2147483648"),
                u32("513 layers", "block_count", 513, "but is 513"),
                model(
                        "a number of layers that is text",
                        "must be an integer, but is string '2'",
                        model -> model.string("llama.block_count", "2")),
                u32("no heads", "attention.head_count", 0, "must be 1 to"),
                u32("heads that do not share evenly", "attention.head_count_kv", 3, "4 query heads cannot share 3"),
                u32("more key heads than heads", "attention.head_count_kv", 8, "4 query heads cannot share 8"),
                u32("no key heads", "attention.head_count_kv", 0, "must be 1 to"),
                u32("heads that do not divide the width", "attention.head_count", 6, "cannot be divided into 6 heads"),
                u32("no width", "embedding_length", 0, "must be 1 to"),
                u32("no context", "context_length", 0, "must be 1 to"),
                warned(
                        "a context of 2^32 - 1",
                        "is not plausible",
                        () -> SmallModels.llama()
                                .u32("llama.context_length", 0xffff_ffffL)
                                .toBytes()),
                model(
                        "an epsilon that is NaN",
                        "but is NaN",
                        model -> model.f32("llama.attention.layer_norm_rms_epsilon", Float.NaN)),
                model(
                        "a negative epsilon",
                        "but is -1.0",
                        model -> model.f32("llama.attention.layer_norm_rms_epsilon", -1)),
                model(
                        "no epsilon",
                        "layer_norm_rms_epsilon': The key is missing",
                        model -> model.remove("llama.attention.layer_norm_rms_epsilon")),
                model(
                        "widths for three of two layers",
                        "each of 2 layers, but is array of 3",
                        model -> model.put(
                                "llama.feed_forward_length", NumberArray.ofIntegers(ValueType.I32, 96, 96, 96))),
                model(
                        "layers that differ",
                        "layers that differ are not supported yet",
                        model -> model.put(
                                "llama.attention.head_count_kv", NumberArray.ofIntegers(ValueType.I32, 2, 4))),
                model(
                        "keys and values of different length",
                        "only equal lengths are supported yet",
                        model -> model.u32("llama.attention.value_length", 8)),
                u32("experts used", "expert_used_count", 2, "The value is u32 2: experts choose"),
                u32("2^20 experts", "expert_count", 1 << 20, "The value is u32 1048576: experts choose"),
                warned(
                        "a vocabulary of another size",
                        "The value is 301, but there are 300 tokens; the tokens count",
                        () -> SmallModels.llama().u32("llama.vocab_size", 301).toBytes()));
    }

    private static List<BrokenFile> rotary() {
        return List.of(
                u32("an odd number of rotated elements", "rope.dimension_count", 7, "must be even"),
                u32("more rotated elements than a head has", "rope.dimension_count", 32, "the length of a head (16)"),
                u32("fewer rotated elements than a head has", "rope.dimension_count", 8, "rotates whole heads of 16"),
                model(
                        "a base of 0",
                        "must be a positive number, but is 0.0",
                        model -> model.f32("llama.rope.freq_base", 0)),
                model(
                        "a base that is NaN",
                        "must be a positive number, but is NaN",
                        model -> model.f32("llama.rope.freq_base", Float.NaN)),
                model(
                        "a base of type f64 that is infinite",
                        "but is Infinity",
                        model -> model.put(
                                "llama.rope.freq_base", new FloatValue(ValueType.F64, Double.POSITIVE_INFINITY))),
                model(
                        "unknown scaling",
                        "of type 'wool' is not known. Supported: none, linear",
                        model -> model.string("llama.rope.scaling.type", "wool")),
                model(
                        "scaling that is not supported",
                        "of type 'dynamic' is not supported yet",
                        model -> model.string("llama.rope.scaling.type", "dynamic")),
                model(
                        "a negative factor",
                        "must be a positive number, but is -2.0",
                        model -> model.f32("llama.rope.scaling.factor", -2)));
    }

    private static List<BrokenFile> tensors() {
        return List.of(
                model(
                        "a tensor missing",
                        "tensor 'blk.1.ffn_up.weight': The tensor is missing",
                        model -> model.removeTensor("blk.1.ffn_up.weight")),
                tensor(
                        "a wrong shape",
                        "blk.0.attn_q.weight",
                        GgufTensorType.F32,
                        List.of(64L, 32L),
                        "The tensor is F32[64, 32], but a matrix of 64 rows of 64 was expected"),
                tensor(
                        "a transposed matrix",
                        "blk.0.ffn_up.weight",
                        GgufTensorType.F32,
                        List.of(96L, 64L),
                        "It lies transposed in the file"),
                tensor(
                        "a norm stored as integers",
                        "blk.0.attn_norm.weight",
                        GgufTensorType.I32,
                        List.of(64L),
                        "The tensor is I32[64], but vectors must be stored as F32"),
                tensor(
                        "a matrix stored as integers",
                        "blk.0.attn_q.weight",
                        GgufTensorType.I32,
                        List.of(64L, 64L),
                        "stored as I32, which Quern does not run. It runs F32, F16"),
                tensor(
                        "a matrix in an encoding that is not run",
                        "blk.0.attn_q.weight",
                        GgufTensorType.NVFP4,
                        List.of(64L, 64L),
                        "stored as NVFP4, which Quern does not run"),
                tensor(
                        "fewer rows than tokens",
                        "token_embd.weight",
                        GgufTensorType.F32,
                        List.of(64L, 299L),
                        "a matrix of 300 rows of 64 was expected"),
                tensor(
                        "far more rows than tokens",
                        "token_embd.weight",
                        GgufTensorType.F32,
                        List.of(64L, 65_837L),
                        "The table has 65837 rows, but there are 300 tokens; at most 65536 rows more"),
                warned(
                        "more rows than tokens",
                        "The table has 304 rows, but there are 300 tokens",
                        () -> SmallModels.llama()
                                .tensor(
                                        "token_embd.weight",
                                        GgufTensorType.F32,
                                        List.of(64L, 304L),
                                        new byte[304 * 64 * 4])
                                .toBytes()),
                tensor(
                        "a bias",
                        "blk.0.ffn_norm.bias",
                        GgufTensorType.F32,
                        List.of(64L),
                        "Biases are not supported yet"),
                warned(
                        "a tensor that nobody uses",
                        "tensor 'extra.weight': The tensor is not used",
                        () -> SmallModels.llama()
                                .tensor("extra.weight", GgufTensorType.F32, List.of(1L), new byte[4])
                                .toBytes()),
                nan("a weight that is NaN", GgufTensorType.F32, 0x7fc0_0000L, 4),
                nan("a weight that is infinite", GgufTensorType.F32, 0x7f80_0000L, 4),
                nan("a half that is NaN", GgufTensorType.F16, 0x7e00, 2),
                nan("a scale of a block that is infinite", GgufTensorType.Q8_0, 0x7c00, 2),
                nan("a scale of a microscaling block that is none", GgufTensorType.MXFP4, 0xff, 1));
    }

    private static List<BrokenFile> parts() {
        return List.of(
                model(
                        "one file of three",
                        "file 1 of a model that was split into 3 files. All of them are needed",
                        model -> model.put("split.no", new IntegerValue(ValueType.U16, 0))
                                .put("split.count", new IntegerValue(ValueType.U16, 3))),
                model(
                        "the second file of two",
                        "file 2 of a model that was split into 2 files",
                        model -> model.put("split.no", new IntegerValue(ValueType.U16, 1))
                                .put("split.count", new IntegerValue(ValueType.U16, 2))),
                model(
                        "another number of tensors",
                        "is 99, but there are 20 tensors",
                        model -> model.put("split.count", new IntegerValue(ValueType.U16, 1))
                                .put("split.tensors.count", new IntegerValue(ValueType.I32, 99))));
    }

    private static BrokenFile model(String name, String message, UnaryOperator<GgufWriter> change) {
        return refused(name, message, () -> change.apply(SmallModels.llama()).toBytes());
    }

    private static BrokenFile u32(String name, String ending, long value, String message) {
        return model(name, message, model -> model.u32("llama." + ending, value));
    }

    private static BrokenFile tensor(
            String name, String tensor, GgufTensorType type, List<Long> extents, String message) {
        long elements = extents.stream().reduce(1L, (left, right) -> left * right);
        byte[] data = new byte[(int) (elements / type.blockElements() * type.blockBytes())];
        return model(name, message, model -> model.tensor(tensor, type, extents, data));
    }

    /** A matrix with one bad number in its second row. */
    private static BrokenFile nan(String name, GgufTensorType type, long bits, int width) {
        return model(name, "so the model would compute nothing else", model -> {
            int row = 64 / type.blockElements() * type.blockBytes();
            byte[] data = new byte[64 * row];
            for (int i = 0; i < width; i++) {
                data[row + i] = (byte) (bits >> (8 * i));
            }
            return model.tensor("blk.0.attn_q.weight", type, List.of(64L, 64L), data);
        });
    }
}
