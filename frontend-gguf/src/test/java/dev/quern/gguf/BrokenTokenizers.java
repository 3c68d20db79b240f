package dev.quern.gguf;

import static dev.quern.gguf.BrokenFile.refused;
import static dev.quern.gguf.BrokenFile.warned;

import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.text.SpecialRole;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Small models whose tokenizer or template is wrong. */
final class BrokenTokenizers {
    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String MODEL = "tokenizer.ggml.model";
    private static final String PRE = "tokenizer.ggml.pre";
    private static final String MERGES = "tokenizer.ggml.merges";
    private static final String TYPES = "tokenizer.ggml.token_type";
    private static final String SCORES = "tokenizer.ggml.scores";

    private BrokenTokenizers() {}

    static List<BrokenFile> all() {
        return List.of(
                model("no tokens", "key 'tokenizer.ggml.tokens': The key is missing", model -> model.remove(TOKENS)),
                model(
                        "an empty list of tokens",
                        "There are no tokens",
                        model -> model.put(TOKENS, StringArray.of(new String[0]))),
                model(
                        "fewer scores than tokens",
                        "each of 300 tokens, but there are 1",
                        model -> model.put(SCORES, NumberArray.ofFloats(1))),
                changed("no scores", "key 'tokenizer.ggml.scores': The key is missing", model -> model.remove(SCORES)),
                changed(
                        "more scores than tokens",
                        "There are 400 values for 300 tokens",
                        model -> model.put(SCORES, NumberArray.ofFloats(new float[400]))),
                model(
                        "a score that is NaN",
                        "The score of token 299 is NaN",
                        model -> model.put(SCORES, scores(Float.NaN))),
                model(
                        "a score that is infinite",
                        "The score of token 299 is -Infinity",
                        model -> model.put(SCORES, scores(Float.NEGATIVE_INFINITY))),
                changed(
                        "more types than tokens",
                        "There are 301 values for 300 tokens",
                        model -> model.put(TYPES, NumberArray.ofIntegers(ValueType.I8, normal(301)))),
                model(
                        "fewer types than tokens",
                        "each of 300 tokens, but there are 1",
                        model -> model.put(TYPES, NumberArray.ofIntegers(ValueType.I32, 1))),
                model(
                        "scores that are texts",
                        "array of numbers, but is array of 1 strings",
                        model -> model.put(SCORES, StringArray.of("0"))),
                model(
                        "scores that are truth values",
                        "array of numbers, but is array of 300 bool",
                        model -> model.put(
                                SCORES, NumberArray.ofIntegers(ValueType.BOOL, new long[SmallModels.VOCABULARY]))),
                model(
                        "types that are floats",
                        "array of integers, but is array of 300 f32",
                        model -> model.put(TYPES, NumberArray.ofFloats(new float[SmallModels.VOCABULARY]))),
                model(
                        "tokens that are integers",
                        "array of strings, but is array of 3 i32",
                        model -> model.put(TOKENS, NumberArray.ofIntegers(ValueType.I32, 1, 2, 3))),
                warned(
                        "an empty token",
                        "There are 1 empty tokens",
                        () -> withToken("").toBytes()),
                changed(
                        "a first token that is none",
                        "0 to 299, but is u32 300. It is ignored",
                        model -> model.u32(SpecialRole.BEGIN_OF_SEQUENCE.ggufKey(), 300)),
                changed(
                        "a first token of -1",
                        "0 to 299, but is i32 -1",
                        model -> model.put(
                                SpecialRole.BEGIN_OF_SEQUENCE.ggufKey(), new IntegerValue(ValueType.I32, -1))),
                changed(
                        "a first token of 2^32 - 1",
                        "0 to 299, but is u32 4294967295",
                        model -> model.u32(SpecialRole.BEGIN_OF_SEQUENCE.ggufKey(), 0xffff_ffffL)),
                changed(
                        "a last token of 2^64 - 1",
                        "0 to 299, but is u64 18446744073709551615",
                        model -> model.put(SpecialRole.END_OF_SEQUENCE.ggufKey(), new IntegerValue(ValueType.U64, -1))),
                model(
                        "a last token that is text",
                        "must be an integer, but is string '2'",
                        model -> model.string(SpecialRole.END_OF_SEQUENCE.ggufKey(), "2")),
                warned(
                        "a padding token that is none",
                        "0 to 299, but is u32 300. It is ignored",
                        () -> SmallModels.llama()
                                .u32(SpecialRole.PADDING.ggufKey(), 300)
                                .toBytes()),
                model("no model", "key 'tokenizer.ggml.model': The key is missing", model -> model.remove(MODEL)),
                bytePairs(
                        "no merges", "key 'tokenizer.ggml.merges': The key is missing", model -> model.remove(MERGES)),
                bytePairs(
                        "a merge without a space",
                        "Merge 1 is 'bc', but must be two parts",
                        model -> model.put(MERGES, StringArray.of("a b", "bc"))),
                bytePairs(
                        "a merge with nothing after the space",
                        "Merge 0 is 'a ', but",
                        model -> model.put(MERGES, StringArray.of("a "))),
                model(
                        "a token of 3 MB",
                        "Token 299 has 3000000 bytes, but 65536 is the limit",
                        model -> withToken("x".repeat(3_000_000))),
                model(
                        "a yes or no that is a number",
                        "must be a bool, but is u32 1",
                        model -> model.u32("tokenizer.ggml.add_bos_token", 1)),
                warned("a type 99", "Token 7 has type 99", () -> {
                    long[] types = new long[SmallModels.VOCABULARY];
                    Arrays.fill(types, 1);
                    types[7] = 99;
                    return SmallModels.llama()
                            .put(TYPES, NumberArray.ofIntegers(ValueType.I32, types))
                            .toBytes();
                }),
                changed("a type far beyond all types", "Token 0 has type -9223372036854775808", model -> {
                    long[] types = new long[SmallModels.VOCABULARY];
                    Arrays.fill(types, Long.MIN_VALUE);
                    return model.put(TYPES, NumberArray.ofIntegers(ValueType.I64, types));
                }),
                model(
                        "a template that is no string",
                        "must be a string, but is u32 1",
                        model -> model.u32("tokenizer.chat_template", 1)),
                model(
                        "a template of 2 MiB",
                        "2097152 bytes, but 1048576 is the limit",
                        model -> model.string("tokenizer.chat_template", "x".repeat(2 << 20))),
                model(
                        "a named template of 2 MiB",
                        "'tokenizer.chat_template.tools'",
                        model -> model.string("tokenizer.chat_template.tools", "x".repeat(2 << 20))));
    }

    private static BrokenFile model(String name, String message, UnaryOperator<GgufWriter> change) {
        return refused(name, message, () -> change.apply(SmallModels.llama()).toBytes());
    }

    /** The small model with a change that is warned of. */
    private static BrokenFile changed(String name, String message, UnaryOperator<GgufWriter> change) {
        return warned(name, message, () -> change.apply(SmallModels.llama()).toBytes());
    }

    private static NumberArray scores(float last) {
        float[] scores = new float[SmallModels.VOCABULARY];
        scores[scores.length - 1] = last;
        return NumberArray.ofFloats(scores);
    }

    private static long[] normal(int tokens) {
        long[] types = new long[tokens];
        Arrays.fill(types, 1);
        return types;
    }

    private static BrokenFile bytePairs(String name, String message, UnaryOperator<GgufWriter> change) {
        return refused(name, message, () -> change.apply(bytePairs()).toBytes());
    }

    private static GgufWriter bytePairs() {
        return SmallModels.llama()
                .string(MODEL, "gpt2")
                .string(PRE, "gpt-2")
                .put(MERGES, StringArray.of("a b", "ab c"));
    }

    /** The small model with another last token. */
    private static GgufWriter withToken(String last) {
        var model = SmallModels.llama();
        StringArray tokens = GgufReader.read(ByteSource.of(model.toBytes()))
                .metadata()
                .findStrings(TOKENS)
                .orElseThrow();
        var changed = new GgufString[tokens.length()];
        for (int id = 0; id < changed.length - 1; id++) {
            changed[id] = tokens.at(id);
        }
        changed[changed.length - 1] = GgufString.of(last);
        return model.put(TOKENS, StringArray.of(changed));
    }
}
