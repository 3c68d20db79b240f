package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.ModelCompiler;
import dev.quern.compiler.ModelVerifier;
import dev.quern.compiler.ModelVerifier.Verdict;
import dev.quern.endtoend.RandomModels.Rope;
import dev.quern.endtoend.RandomModels.Shape;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.GgufTensorType;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.GgufValue.StringArray;
import dev.quern.gguf.GgufWriter;
import dev.quern.gguf.ValueType;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.oracle.LlamaCpp;
import dev.quern.reference.oracle.LlamaTokenizer;
import dev.quern.text.Tokenizer;
import dev.quern.text.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that are odd in ways that do no harm: they run, with a warning where one is due, and compute what llama.cpp
 * computes.
 */
class LenientFilesTest {
    private static final byte[] PIECES = RandomModels.write(
            new Shape("lenient", 32, 2, 2, 1, 16, 64, false, Rope.PLAIN), Recipe.uniform(GgufTensorType.F32));
    private static final byte[] PAIRS = MutatedModel.withBytePairs(PIECES);
    private static final String TEXT = "abc de, 12 caf\u00e9\n";
    private static final String SCORES = "tokenizer.ggml.scores";
    private static final String TYPES = "tokenizer.ggml.token_type";
    private static final int TOKENS = RandomModels.VOCABULARY;

    /** The kind of tokenizer. */
    enum Kind {
        SENTENCE_PIECE,
        BYTE_PAIRS;

        byte[] model() {
            return switch (this) {
                case SENTENCE_PIECE -> PIECES;
                case BYTE_PAIRS -> PAIRS;
            };
        }
    }

    /**
     * A file.
     *
     * @param warning what is said of it; empty where nothing is
     * @param elsewhere whether llama.cpp loads it too
     */
    record Odd(String name, Kind kind, String warning, boolean elsewhere, UnaryOperator<GgufWriter> change) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Odd> files() {
        List<Odd> files = new ArrayList<>();
        scores(files);
        types(files);
        specialTokens(files);
        sizes(files);
        rotation(files);
        keys(files);
        return files.stream();
    }

    private static void scores(List<Odd> files) {
        long[] whole = new long[TOKENS];
        for (int id = 0; id < TOKENS; id++) {
            whole[id] = -id;
        }
        files.add(new Odd(
                "scores that are i32",
                Kind.SENTENCE_PIECE,
                "",
                true,
                model -> model.put(SCORES, NumberArray.ofIntegers(ValueType.I32, whole))));
        files.add(new Odd(
                "scores that are i64",
                Kind.SENTENCE_PIECE,
                "",
                false,
                model -> model.put(SCORES, NumberArray.ofIntegers(ValueType.I64, whole))));
        files.add(new Odd(
                "no scores", Kind.SENTENCE_PIECE, "all tokens count alike", true, model -> model.remove(SCORES)));
        files.add(new Odd(
                "more scores than tokens",
                Kind.SENTENCE_PIECE,
                "310 values for 300",
                true,
                model -> model.put(SCORES, NumberArray.ofFloats(new float[TOKENS + 10]))));
        files.add(new Odd(
                "byte pairs, scores that are i32",
                Kind.BYTE_PAIRS,
                "",
                true,
                model -> model.put(SCORES, NumberArray.ofIntegers(ValueType.I32, whole))));
        files.add(new Odd("byte pairs, no scores", Kind.BYTE_PAIRS, "", true, model -> model.remove(SCORES)));
        files.add(new Odd(
                "byte pairs, two scores, one NaN",
                Kind.BYTE_PAIRS,
                "",
                false,
                model -> model.put(SCORES, NumberArray.ofFloats(Float.NaN, 1))));
    }

    private static void types(List<Odd> files) {
        long[] types = new long[TOKENS + 5];
        NumberArray old = file(PIECES).metadata().findIntegers(TYPES).orElseThrow();
        for (int id = 0; id < types.length; id++) {
            types[id] = id < TOKENS ? old.integerAt(id) : 1;
        }
        files.add(new Odd(
                "more types than tokens",
                Kind.SENTENCE_PIECE,
                "305 values for 300",
                true,
                model -> model.put(TYPES, NumberArray.ofIntegers(ValueType.I32, types))));
        files.add(new Odd(
                "types that are u8",
                Kind.SENTENCE_PIECE,
                "305 values for 300",
                false,
                model -> model.put(TYPES, NumberArray.ofIntegers(ValueType.U8, types))));
        long[] unknown = types.clone();
        unknown[260] = 99;
        unknown[261] = -7;
        files.add(new Odd(
                "types that are none",
                Kind.SENTENCE_PIECE,
                "Token 260 has type 99",
                true,
                model -> model.put(TYPES, NumberArray.ofIntegers(ValueType.I32, unknown))));
        files.add(new Odd(
                "byte pairs, an empty list of merges",
                Kind.BYTE_PAIRS,
                "every byte of a text",
                true,
                model -> model.put("tokenizer.ggml.merges", StringArray.of(new String[0]))));
        files.add(new Odd("no types", Kind.SENTENCE_PIECE, "", true, model -> model.remove(TYPES)));
        files.add(new Odd(
                "a pre-tokenizer of DeepSeek's",
                Kind.BYTE_PAIRS,
                "",
                true,
                model -> model.string("tokenizer.ggml.pre", "deepseek-coder")));
    }

    private static void specialTokens(List<Odd> files) {
        for (Kind kind : Kind.values()) {
            String of = kind == Kind.BYTE_PAIRS ? "byte pairs, " : "";
            for (String role : List.of("bos", "eos", "eot", "eom", "unknown", "padding", "mask", "fim_pre")) {
                String key = "tokenizer.ggml." + role + "_token_id";
                files.add(new Odd(
                        of + role + " behind the last", kind, "but is u32 300", true, model -> model.u32(key, 300)));
                files.add(new Odd(
                        of + role + " of 2^32 - 1",
                        kind,
                        "but is u32 4294967295",
                        true,
                        model -> model.u32(key, 0xffff_ffffL)));
                files.add(new Odd(
                        of + role + " of -1",
                        kind,
                        "but is i32 -1",
                        false,
                        model -> model.put(key, new IntegerValue(ValueType.I32, -1))));
            }
        }
    }

    private static void sizes(List<Odd> files) {
        files.add(new Odd(
                "vocab_size of 32000",
                Kind.SENTENCE_PIECE,
                "but there are 300 tokens",
                true,
                model -> model.u32("llama.vocab_size", 32_000)));
        files.add(new Odd(
                "vocab_size of 0",
                Kind.SENTENCE_PIECE,
                "but there are 300 tokens",
                true,
                model -> model.u32("llama.vocab_size", 0)));
        files.add(new Odd(
                "shapes that end with ones",
                Kind.SENTENCE_PIECE,
                "extents of 1 at the end",
                true,
                LenientFilesTest::withOnes));
        files.add(new Odd("more rows than tokens", Kind.SENTENCE_PIECE, "The table has 304 rows", false, model -> {
            for (String name : List.of("token_embd.weight", "output.weight")) {
                model.tensor(name, GgufTensorType.F32, List.of(32L, 304L), new byte[32 * 304 * 4]);
            }
            return model;
        }));
        files.add(new Odd(
                "a head count for each layer",
                Kind.SENTENCE_PIECE,
                "",
                true,
                model -> model.put("llama.attention.head_count", NumberArray.ofIntegers(ValueType.U32, 2, 2))));
    }

    private static void rotation(List<Odd> files) {
        String factor = "llama.rope.scaling.attn_factor";
        files.add(new Odd("a factor of attention", Kind.SENTENCE_PIECE, "", true, model -> model.f32(factor, 2)));
        files.add(new Odd(
                "a factor of attention, no scaling",
                Kind.SENTENCE_PIECE,
                "",
                true,
                model -> model.f32(factor, 0.7f).string("llama.rope.scaling.type", "none")));
        files.add(new Odd(
                "a factor of attention and linear scaling",
                Kind.BYTE_PAIRS,
                "",
                true,
                model -> model.f32(factor, 1.5f)
                        .string("llama.rope.scaling.type", "linear")
                        .f32("llama.rope.scaling.factor", 3)));
        files.add(new Odd(
                "a base that is an integer",
                Kind.SENTENCE_PIECE,
                "",
                false,
                model -> model.u32("llama.rope.freq_base", 20_000)));
        files.add(new Odd(
                "a scaling factor of 0",
                Kind.SENTENCE_PIECE,
                "",
                true,
                model -> model.f32("llama.rope.scaling.factor", 0)));
    }

    private static void keys(List<Odd> files) {
        files.add(new Odd(
                "a window wider than the context",
                Kind.SENTENCE_PIECE,
                "",
                true,
                model -> model.u32("llama.attention.sliding_window", 4096)));
        files.add(new Odd(
                "a window", Kind.SENTENCE_PIECE, "", true, model -> model.u32("llama.attention.sliding_window", 64)));
        files.add(new Odd(
                "attention that is causal",
                Kind.SENTENCE_PIECE,
                "",
                true,
                model -> model.bool("llama.attention.causal", true)));
        files.add(new Odd("no experts", Kind.SENTENCE_PIECE, "", true, model -> model.u32("llama.expert_count", 0)));
        files.add(new Odd(
                "a key that nobody knows",
                Kind.SENTENCE_PIECE,
                "The key is not known",
                true,
                model -> model.f32("llama.attention.wool", 0.5f)));
        files.add(new Odd(
                "a kind of pooling",
                Kind.SENTENCE_PIECE,
                "made for embeddings",
                true,
                model -> model.u32("llama.pooling_type", 1)));
        files.add(new Odd(
                "a context of one position",
                Kind.SENTENCE_PIECE,
                "",
                true,
                model -> model.u32("llama.context_length", 1)));
        files.add(new Odd(
                "byte pairs, a template that is none",
                Kind.BYTE_PAIRS,
                "cannot be put into this template",
                true,
                model -> model.string("tokenizer.chat_template", "{% for m in %}")));
    }

    private static GgufWriter withOnes(GgufWriter model) {
        GgufFile file = file(PIECES);
        var bytes = new ModelBytes(file);
        file.tensors().forEach(tensor -> {
            List<Long> extents = new ArrayList<>(tensor.extents());
            extents.add(1L);
            if (tensor.name().startsWith("blk.1")) {
                extents.add(1L);
            }
            model.tensor(
                    tensor.name(),
                    tensor.type(),
                    extents,
                    bytes.bytes(tensor.name()).array());
        });
        return model;
    }

    @ParameterizedTest
    @MethodSource("files")
    void runs(Odd odd, @TempDir Path folder) throws IOException {
        byte[] bytes = odd.change().apply(MutatedModel.copy(odd.kind().model())).toBytes();
        var options = CompileOptions.of(DeviceProfile.PORTABLE);
        ModelVerifier.Report report = ModelVerifier.verify(ByteSource.of(bytes), options, true);
        assertNotEquals(
                Verdict.REFUSED, report.verdict(), () -> report.findings().toString());
        assertTrue(
                report.findings().stream()
                                .anyMatch(finding -> finding.toString().contains(odd.warning()))
                        || odd.warning().isEmpty(),
                () -> "'" + odd.warning() + "' was expected among " + report.findings());
        CompiledModel compiled = ModelCompiler.compile(ByteSource.of(bytes), options);
        assertEquals(report.findings(), compiled.warnings());
        if (!odd.elsewhere()) {
            return;
        }
        Path file = Files.write(folder.resolve("odd.gguf"), bytes);
        Tokenizer tokenizer = Tokenizers.of(compiled.tokenizer());
        int[] prompt = tokenizer.encode(TEXT, Tokenizer.Options.PROMPT);
        try (LlamaTokenizer llama = LlamaTokenizer.open(file)) {
            assertArrayEquals(llama.tokenize(TEXT.getBytes(StandardCharsets.UTF_8), true, true), prompt);
        }
        try (LlamaCpp llama = LlamaCpp.open(file, prompt.length)) {
            Agreement.worst(
                    "against llama.cpp",
                    llama.logits(prompt),
                    ReferenceModel.withCachesOfFloats(bytes, prompt.length).logits(prompt),
                    InterpreterAgreementTest.LIMIT);
        }
    }

    private static GgufFile file(byte... model) {
        return GgufReader.read(ByteSource.of(model));
    }

    /** Tokens that a model computes logits for, but has no text for. */
    @ParameterizedTest
    @EnumSource
    void furtherRowsStandForNoText(Kind kind) {
        byte[] base = kind.model();
        GgufWriter model = MutatedModel.copy(base);
        for (String name : List.of("token_embd.weight", "output.weight")) {
            model.tensor(name, GgufTensorType.F32, List.of(32L, 320L), new byte[32 * 320 * 4]);
        }
        CompiledModel compiled =
                ModelCompiler.compile(ByteSource.of(model.toBytes()), CompileOptions.of(DeviceProfile.PORTABLE));
        Tokenizer tokenizer = Tokenizers.of(compiled.tokenizer());
        assertEquals(320, compiled.facts().vocabularySize());
        assertEquals(320, tokenizer.vocabularySize());
        assertEquals(0, tokenizer.piece(319).length);
        assertArrayEquals(
                Tokenizers.of(ModelCompiler.compile(ByteSource.of(base), CompileOptions.of(DeviceProfile.PORTABLE))
                                .tokenizer())
                        .encode(TEXT, Tokenizer.Options.PROMPT),
                tokenizer.encode(TEXT, Tokenizer.Options.PROMPT));
    }
}
