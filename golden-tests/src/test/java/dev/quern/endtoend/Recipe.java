package dev.quern.endtoend;

import static dev.quern.gguf.GgufTensorType.BF16;
import static dev.quern.gguf.GgufTensorType.F16;
import static dev.quern.gguf.GgufTensorType.F32;
import static dev.quern.gguf.GgufTensorType.IQ4_NL;
import static dev.quern.gguf.GgufTensorType.IQ4_XS;
import static dev.quern.gguf.GgufTensorType.MXFP4;
import static dev.quern.gguf.GgufTensorType.Q2_K;
import static dev.quern.gguf.GgufTensorType.Q3_K;
import static dev.quern.gguf.GgufTensorType.Q4_0;
import static dev.quern.gguf.GgufTensorType.Q4_1;
import static dev.quern.gguf.GgufTensorType.Q4_K;
import static dev.quern.gguf.GgufTensorType.Q5_0;
import static dev.quern.gguf.GgufTensorType.Q5_1;
import static dev.quern.gguf.GgufTensorType.Q5_K;
import static dev.quern.gguf.GgufTensorType.Q6_K;
import static dev.quern.gguf.GgufTensorType.Q8_0;

import dev.quern.gguf.GgufTensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the matrices of a model are encoded.
 *
 * @param most the type of those that are not named
 * @param exceptions types by role, the part of a tensor's name that says what it does, such as {@code attn_q}; or by
 *     layer and role, such as {@code 0.attn_q}, which has precedence. The type of {@code output} is also that of an
 *     embedding which serves as the output matrix
 */
record Recipe(String name, GgufTensorType most, Map<String, GgufTensorType> exceptions) {
    /** Types that differ within a layer, so that some products cannot be merged. */
    static final List<Recipe> APART = List.of(
            new Recipe("query and value apart", Q4_1, Map.of("attn_q", Q8_0, "attn_v", F16, "ffn_down", Q5_1)),
            new Recipe("gate and up apart", Q5_0, Map.of("ffn_gate", Q8_0, "token_embd", F16, "ffn_down", BF16)),
            new Recipe("key apart, output in floats", Q8_0, Map.of("attn_k", Q4_0, "output", F32, "ffn_up", Q4_1)));

    /** What files hold that are called after the type of most of their matrices: more bits where they matter more. */
    static final List<Recipe> MIXES = List.of(
            new Recipe(
                    "Q4_K_M",
                    Q4_K,
                    Map.of("0.attn_v", Q6_K, "0.ffn_down", Q6_K, "2.attn_v", Q6_K, "2.ffn_down", Q6_K, "output", Q6_K)),
            new Recipe("Q5_K_M", Q5_K, Map.of("0.attn_v", Q6_K, "0.ffn_down", Q6_K, "output", Q6_K)),
            new Recipe(
                    "Q3_K_M",
                    Q3_K,
                    Map.of("attn_v", Q5_K, "attn_output", Q4_K, "ffn_down", Q4_K, "0.ffn_down", Q5_K, "output", Q6_K)),
            new Recipe(
                    "Q2_K, as files are called so",
                    Q2_K,
                    Map.of("attn_v", Q4_K, "attn_output", Q3_K, "ffn_down", Q3_K, "output", Q6_K)),
            new Recipe(
                    "IQ4_XS, as files are called so",
                    IQ4_XS,
                    Map.of("attn_v", Q5_K, "0.ffn_down", Q5_K, "output", Q6_K)),
            new Recipe(
                    "MXFP4 between floats and bytes",
                    MXFP4,
                    Map.of("attn_q", Q8_0, "attn_k", Q8_0, "attn_v", Q8_0, "attn_output", BF16, "output", Q8_0)));

    /** The same type for all matrices. */
    static Recipe uniform(GgufTensorType type) {
        return new Recipe(type.name(), type, Map.of());
    }

    /** The type of a matrix outside the layers. */
    GgufTensorType type(String role, int columns) {
        return fitting(Optional.ofNullable(exceptions.get(role)).orElse(most), columns);
    }

    /** The type of a matrix of a layer. */
    GgufTensorType type(int layer, String role, int columns) {
        GgufTensorType ofLayer = exceptions.get(layer + "." + role);
        return ofLayer == null ? type(role, columns) : fitting(ofLayer, columns);
    }

    /**
     * What tools that quantise take where rows are no whole number of blocks: of the types with smaller blocks one with
     * as many bits.
     */
    private static GgufTensorType fitting(GgufTensorType wanted, int columns) {
        GgufTensorType smaller = switch (wanted) {
            case Q2_K, Q3_K -> Q4_0;
            case Q4_K -> Q5_0;
            case Q5_K -> Q5_1;
            case Q6_K -> Q8_0;
            case IQ4_XS -> IQ4_NL;
            default -> F16;
        };
        return columns % wanted.blockElements() == 0 ? wanted : fitting(smaller, columns);
    }

    @Override
    public String toString() {
        return name;
    }
}
