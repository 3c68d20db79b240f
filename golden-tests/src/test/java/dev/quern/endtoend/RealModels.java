package dev.quern.endtoend;

import static dev.quern.gguf.GgufTensorType.Q4_K;
import static dev.quern.gguf.GgufTensorType.Q5_K;
import static dev.quern.gguf.GgufTensorType.Q6_K;

import dev.quern.endtoend.Kind.HeadGains;
import dev.quern.endtoend.RandomModels.Rope;
import dev.quern.endtoend.RandomModels.Shape;
import dev.quern.gguf.GgufTensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Models that people run, as far as the headers of their files say what they are; sizes as they were published. */
final class RealModels {
    private static final int LLAMA_3_TOKENS = 128_256;
    private static final int QWEN_TOKENS = 151_936;
    private static final int GEMMA_TOKENS = 256_000;
    private static final String[] HEADS = {"attn_q", "attn_k", "attn_v"};

    private RealModels() {}

    /** A model that people run. */
    record RealModel(Kind kind, Shape shape, int vocabulary) {
        /** What people call it. */
        String name() {
            return shape.name();
        }

        /** The architecture, as its file names it. */
        String family() {
            return kind.architecture();
        }

        /** A file as most people have it: Q4_K_M. */
        SplattedModel file() {
            return SplattedModel.of(kind, shape, vocabulary, mix(shape.layers()));
        }
    }

    /** Of every family at least one. */
    static List<RealModel> all() {
        Kind llama = Kind.of("llama");
        Kind gemma = Kind.of("gemma").embeddingGain(1);
        Kind phi = with(Kind.of("phi3").joining().longFactors(48), keys -> {
            keys.count("rope.scaling.original_context_length", 4096);
            keys.number("rope.scaling.attn_factor", 1.19);
        });
        Kind gemma2 = with(Kind.of("gemma2").embeddingGain(1).norms(true, true), keys -> {
            keys.count("attention.sliding_window", 4096);
            keys.number("attn_logit_softcapping", 50);
            keys.number("final_logit_softcapping", 30);
        });
        Kind gemma3 = Kind.of("gemma3").embeddingGain(1).norms(true, true).headGains(HeadGains.EACH_HEAD);
        Kind granite = with(Kind.of("granite"), keys -> {
            keys.number("embedding_scale", 12);
            keys.number("residual_scale", 0.22);
            keys.number("logit_scale", 16);
            keys.number("attention.scale", 0.0078125);
        });
        var all = new ArrayList<RealModel>();
        all.add(model(llama, "Llama-3.2-1B", 2048, 16, 32, 8, 64, 8192, true, LLAMA_3_TOKENS));
        all.add(model(llama, "Llama-3.1-8B", 4096, 32, 32, 8, 128, 14336, false, LLAMA_3_TOKENS));
        all.add(model(llama, "Mistral-7B-v0.3", 4096, 32, 32, 8, 128, 14336, false, 32_768));
        all.add(model(Kind.of("mistral3"), "Ministral-3-8B", 4096, 34, 32, 8, 128, 14336, false, 131_072));
        Kind qwen2 = Kind.of("qwen2").biases(HEADS);
        all.add(model(qwen2, "Qwen2.5-0.5B", 896, 24, 14, 2, 64, 4864, true, QWEN_TOKENS));
        all.add(model(qwen2, "Qwen2.5-14B", 5120, 48, 40, 8, 128, 13824, false, 152_064));
        Kind qwen3 = Kind.of("qwen3").headGains(HeadGains.EACH_HEAD);
        all.add(model(qwen3, "Qwen3-4B", 2560, 36, 32, 8, 128, 9728, true, QWEN_TOKENS));
        all.add(model(phi, "Phi-3.5-mini", 3072, 32, 32, 32, 96, 8192, false, 32_064));
        all.add(model(gemma, "Gemma-2B", 2048, 18, 8, 1, 256, 16384, true, GEMMA_TOKENS));
        all.add(model(gemma2, "Gemma-2-9B", 3584, 42, 16, 8, 256, 14336, true, GEMMA_TOKENS));
        all.add(model(window(gemma3, 512), "Gemma-3-270M", 640, 18, 4, 1, 256, 2048, true, 262_144));
        all.add(model(window(gemma3, 1024), "Gemma-3-12B", 3840, 48, 16, 8, 256, 15360, true, 262_144));
        all.add(model(Kind.of("smollm3"), "SmolLM3-3B", 2048, 36, 16, 4, 128, 11008, true, LLAMA_3_TOKENS));
        all.add(model(granite, "Granite-3.3-8B", 4096, 40, 32, 8, 128, 12800, true, 49_159));
        Kind olmo2 = Kind.of("olmo2").norms(false, true).headGains(HeadGains.WHOLE_ROW);
        all.add(model(olmo2, "OLMo-2-7B", 4096, 32, 32, 32, 128, 11008, false, 100_352));
        return List.copyOf(all);
    }

    private static Kind with(Kind kind, Consumer<Kind.Keys> keys) {
        return kind.with(kind.name(), keys);
    }

    private static Kind window(Kind kind, int positions) {
        return with(kind, keys -> keys.count("attention.sliding_window", positions));
    }

    private static RealModel model(
            Kind kind,
            String name,
            int width,
            int layers,
            int heads,
            int keyValueHeads,
            int headSize,
            int inner,
            boolean tied,
            int vocabulary) {
        // Files say more than 4096 positions of context, as these models have.
        Kind whole = with(kind, keys -> keys.count("context_length", 8192));
        Rope rope = vocabulary == LLAMA_3_TOKENS && kind.architecture().equals("llama") ? Rope.FACTORS : Rope.BASE;
        return new RealModel(
                whole, new Shape(name, width, layers, heads, keyValueHeads, headSize, inner, tied, rope), vocabulary);
    }

    /** Which matrices have more bits than four where a file is quantised as Q4_K_M. */
    private static Recipe mix(int layers) {
        Map<String, GgufTensorType> exceptions = new HashMap<>();
        exceptions.put("output", Q6_K);
        exceptions.put("attn_qkv", Q5_K);
        for (int layer = 0; layer < layers; layer++) {
            if (layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2) {
                exceptions.put(layer + ".attn_v", Q6_K);
                exceptions.put(layer + ".ffn_down", Q6_K);
            }
        }
        return new Recipe("Q4_K_M", Q4_K, exceptions);
    }
}
