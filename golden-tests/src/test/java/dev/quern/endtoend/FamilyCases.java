package dev.quern.endtoend;

import static dev.quern.gguf.GgufTensorType.F16;
import static dev.quern.gguf.GgufTensorType.F32;
import static dev.quern.gguf.GgufTensorType.Q4_0;
import static dev.quern.gguf.GgufTensorType.Q4_1;
import static dev.quern.gguf.GgufTensorType.Q4_K;
import static dev.quern.gguf.GgufTensorType.Q5_0;
import static dev.quern.gguf.GgufTensorType.Q5_1;
import static dev.quern.gguf.GgufTensorType.Q8_0;

import dev.quern.endtoend.Kind.HeadGains;
import dev.quern.endtoend.RandomModels.Rope;
import dev.quern.endtoend.RandomModels.Shape;
import dev.quern.gguf.GgufTensorType;
import dev.quern.plan.DeviceProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Small models of every family: each with what its keys and
 * tensors can say, and where that goes wrong most easily.
 */
final class FamilyCases {
    /** llama.cpp computes GELU by a table of halves. */
    private static final double LIMIT_OF_TABLES = 1e-6;

    /** Each layer makes the error of those before it larger; another scale of attention is an error of more than 1. */
    private static final double LIMIT_OF_TABLES_IN_MANY_LAYERS = 1e-3;

    private static final int MANY_LAYERS = 40;

    private static final String[] HEADS = {"attn_q", "attn_k", "attn_v"};

    static final String[] ALL_PRODUCTS = {"attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"
    };

    private static final Kind QWEN2 = Kind.of("qwen2").biases(HEADS);
    private static final Kind QWEN3 = Kind.of("qwen3").headGains(HeadGains.EACH_HEAD);
    private static final Kind PHI3 = Kind.of("phi3").joining();
    private static final Kind GEMMA = Kind.of("gemma").embeddingGain(1);
    private static final Kind GEMMA2 = Kind.of("gemma2").embeddingGain(1).norms(true, true);
    private static final Kind GEMMA3 =
            Kind.of("gemma3").embeddingGain(1).norms(true, true).headGains(HeadGains.EACH_HEAD);
    private static final Kind CAPPED = GEMMA2.with("gemma2 at its knees", keys -> {
        keys.count("attention.sliding_window", 7);
        keys.number("attn_logit_softcapping", 2);
        keys.number("final_logit_softcapping", 1.5);
    });

    private static final Kind WINDOWED = GEMMA3.with("gemma3 with windows", keys -> {
        keys.count("attention.sliding_window", 6);
        keys.text("rope.scaling.type", "linear");
        keys.number("rope.scaling.factor", 8);
    });

    private static final Kind OLMO2 = Kind.of("olmo2").norms(false, true).headGains(HeadGains.WHOLE_ROW);

    static final Kind GRANITE = Kind.of("granite").embeddingGain(3).with("granite", keys -> {
        keys.number("embedding_scale", 3);
        keys.number("residual_scale", 0.4);
        keys.number("logit_scale", 4);
        keys.number("attention.scale", 0.1);
    });

    /** A model of a family. */
    record Case(Kind kind, Shape shape, Recipe recipe, DeviceProfile profile) {
        byte[] write() {
            return RandomModels.write(kind, shape, recipe);
        }

        /** The largest error against llama.cpp. */
        double limit() {
            if (!kind.architecture().startsWith("gemma")) {
                return InterpreterAgreementTest.LIMIT;
            }
            return shape.layers() < MANY_LAYERS ? LIMIT_OF_TABLES : LIMIT_OF_TABLES_IN_MANY_LAYERS;
        }

        /** The largest error of the device against the interpreter. */
        double limitOnDevice() {
            return shape.layers() < MANY_LAYERS ? RandomModelsTest.LIMIT : LIMIT_OF_TABLES_IN_MANY_LAYERS;
        }

        @Override
        public String toString() {
            return kind + ", " + shape + ", " + recipe + ", " + profile.name();
        }
    }

    private static final List<Case> ALL = select();

    private FamilyCases() {}

    /** All of them, the profiles taking turns. */
    static Stream<Case> all() {
        return ALL.stream();
    }

    /** Of the families that have most keys of their own one model each, as small as it can be. */
    static Stream<Case> tiny() {
        var cases = new ArrayList<Case>();
        add(cases, CAPPED, tiny(2, true), Q8_0);
        add(cases, WINDOWED, tiny(2, false), F32);
        add(cases, phi3(16), tiny(1, true), F16);
        add(cases, GRANITE, tiny(1, false), Q8_0);
        add(cases, yarn(QWEN2, 32), tiny(1, true), F32);
        return cases.stream();
    }

    /** Every family once. */
    static List<Kind> families() {
        return List.of(
                Kind.LLAMA,
                Kind.of("mistral3"),
                QWEN2,
                QWEN3,
                PHI3,
                GEMMA,
                GEMMA2,
                GEMMA3,
                Kind.of("smollm3"),
                GRANITE,
                OLMO2);
    }

    /** A model whose rows hold superblocks, with layers that have others before and behind them. */
    static Case ofFourLayers(Kind kind, Recipe recipe) {
        // Some families always have an output matrix of their own.
        boolean tied = !List.of("phi3", "olmo2").contains(kind.architecture());
        Shape shape = new Shape("four layers", 256, 4, 4, 1, 64, 512, tied, Rope.PLAIN);
        return new Case(kind, shape, recipe, DeviceProfile.PORTABLE);
    }

    private static Shape tiny(int layers, boolean tied) {
        return new Shape("tiny", 32, layers, 2, 1, 16, 32, tied, Rope.PLAIN);
    }

    private static List<Case> select() {
        var cases = new ArrayList<Case>();
        Kind biased = Kind.of("llama").biases(ALL_PRODUCTS);
        add(cases, biased.with("llama with biases", keys -> {}), shape(64, 2, 4, 2, 16, true, Rope.FACTORS), Q8_0);
        add(cases, yarn(Kind.of("llama"), 64), shape(64, 2, 4, 1, 32, false, Rope.PLAIN), Q4_0);
        Kind extended = Kind.of("llama").longFactors(8).with("llama, long context", keys -> {
            keys.text("rope.scaling.type", "longrope");
            keys.number("rope.scaling.attn_factor", 1.2);
            keys.count("rope.scaling.original_context_length", 16);
        });
        add(cases, extended, shape(64, 2, 4, 2, 16, true, Rope.BASE), F16);
        add(cases, Kind.of("mistral3"), shape(64, 2, 4, 2, 24, false, Rope.BASE), Q8_0);
        Kind sharpening = yarn(Kind.of("mistral3"), 4).with("mistral3 extended", keys -> {
            keys.number("rope.scaling.yarn_log_multiplier", 1);
            keys.number("attention.temperature_scale", 0.1);
        });
        add(cases, sharpening, shape(64, 2, 4, 1, 32, true, Rope.BASE), Q5_1);
        add(cases, QWEN2, shape(64, 2, 4, 2, 16, true, Rope.BASE), Q4_K);
        Kind all = QWEN2.biases("attn_q", "attn_k", "attn_v", "output");
        add(cases, yarn(all, 32), shape(64, 2, 4, 1, 16, false, Rope.BASE), Q5_0);
        add(cases, QWEN3, shape(64, 2, 4, 2, 32, true, Rope.BASE), Q4_1);
        add(cases, QWEN3, shape(64, 2, 3, 1, 64, false, Rope.BASE), Q8_0);
        add(cases, PHI3, shape(64, 2, 4, 4, 16, false, Rope.PLAIN), Q4_0);
        add(cases, phi3(512), shape(64, 2, 4, 2, 16, true, Rope.PLAIN), Q8_0);
        add(cases, phi3(16), shape(64, 2, 4, 1, 16, false, Rope.PLAIN), F16);
        add(cases, GEMMA, shape(64, 2, 4, 1, 32, true, Rope.PLAIN), Q4_0);
        add(cases, CAPPED, shape(64, 4, 4, 2, 16, true, Rope.PLAIN), Q5_0);
        add(cases, GEMMA2, shape(64, 3, 4, 1, 16, true, Rope.BASE), Q8_0);
        add(cases, GEMMA2.with("gemma2 of 46 layers", keys -> {}), shape(32, 46, 2, 1, 24, true, Rope.PLAIN), F16);
        add(cases, WINDOWED, shape(64, 7, 4, 1, 16, true, Rope.BASE), Q4_1);
        Kind patterned = WINDOWED.with("gemma3 with a pattern of its own", keys -> {
            keys.count("attention.sliding_window_pattern", 2);
            keys.number("rope.freq_base_swa", 5_000);
            keys.number("final_logit_softcapping", 2);
        });
        add(cases, patterned, shape(64, 3, 4, 2, 16, false, Rope.BASE), Q8_0);
        add(cases, GEMMA3, shape(64, 2, 2, 2, 32, true, Rope.BASE), Q5_1);
        add(cases, Kind.of("smollm3"), shape(64, 5, 4, 1, 16, true, Rope.BASE), Q4_1);
        add(cases, GRANITE.biases(ALL_PRODUCTS), shape(64, 3, 4, 2, 16, true, Rope.PLAIN), Q5_0);
        Kind unturned = GRANITE.with("granite without rotation", keys -> keys.truth("rope.scaling.finetuned", false));
        add(cases, unturned, shape(64, 2, 4, 4, 16, false, Rope.PLAIN), F16);
        add(cases, OLMO2, shape(64, 3, 4, 4, 16, false, Rope.BASE), Q5_1);
        Kind olmo3 = yarn(OLMO2, 64).with("olmo2 with windows", keys -> keys.count("attention.sliding_window", 5));
        add(cases, olmo3, shape(64, 5, 4, 1, 16, false, Rope.BASE), Q8_0);
        return List.copyOf(cases);
    }

    /** The context extended to four times the original one, by frequencies. */
    private static Kind yarn(Kind kind, int originalContext) {
        return kind.with(kind.name() + " with yarn", keys -> {
            keys.text("rope.scaling.type", "yarn");
            keys.number("rope.scaling.factor", 4);
            keys.count("rope.scaling.original_context_length", originalContext);
        });
    }

    /** Half of each head turns, by long factors where the context is longer than the original one. */
    private static Kind phi3(int originalContext) {
        return PHI3.longFactors(4).with("phi3 of an original context of " + originalContext, keys -> {
            keys.count("rope.dimension_count", 8);
            keys.count("rope.scaling.original_context_length", originalContext);
            keys.number("rope.scaling.attn_factor", 1.19);
        });
    }

    private static void add(List<Case> cases, Kind kind, Shape shape, GgufTensorType type) {
        DeviceProfile profile = DeviceProfile.ALL.get(cases.size() % DeviceProfile.ALL.size());
        cases.add(new Case(kind, shape, Recipe.uniform(type), profile));
    }

    private static Shape shape(
            int width, int layers, int heads, int keyValueHeads, int headSize, boolean tied, Rope rope) {
        String name =
                "heads " + heads + ":" + keyValueHeads + " of " + headSize + ", " + layers + " layers of " + width;
        return new Shape(name, width, layers, heads, keyValueHeads, headSize, 96, tied, rope);
    }
}
