package dev.quern.gguf.architecture;

import dev.quern.ir.Pointwise;
import dev.quern.ir.Rotation.Pairing;
import java.util.Optional;
import java.util.Set;

/**
 * What all models of one architecture have in common and no key of their files says: data, from which one reader makes
 * the description of a model ({@link Decoder}) and one builder its graph. A family that differs from the others in
 * something new gets a component here; what those do is its default ({@link FamilyBuilder}).
 *
 * @param name the value of {@code general.architecture}
 * @param turning how positions turn queries and keys
 * @param windows which layers see the last positions only; nothing where all layers see all, whatever keys say
 * @param sharpensWithPosition whether {@code attention.temperature_scale} says that attention sharpens in positions
 *     beyond those of the first training
 * @param layersScaledByShare models of so many layers scale attention by the root of a head's share of the stream, not
 *     of its length; 0 where none does
 * @param norms where the blocks of a layer are normalised
 * @param headNorms how queries and keys are normalised before they turn
 * @param joins whether queries, keys and values have one matrix, and gate and up another; the former may be one in
 *     files of any family
 * @param biases what may have a bias
 * @param activation what is computed of the gate
 * @param output whether files have an output matrix of their own
 * @param scales how the stream is scaled
 * @param attentionCap of the products of queries and keys; nothing where they have none
 * @param logitCap of logits; nothing where they have none
 */
record Family(
        String name,
        Turning turning,
        Optional<Windows> windows,
        boolean sharpensWithPosition,
        int layersScaledByShare,
        NormPlacement norms,
        HeadNorms headNorms,
        boolean joins,
        Set<Bias> biases,
        Pointwise.Function activation,
        OutputMatrix output,
        Scales scales,
        Optional<Cap> attentionCap,
        Optional<Cap> logitCap) {
    Family {
        biases = Set.copyOf(biases);
    }

    /**
     * How positions turn queries and keys.
     *
     * @param pairing which elements of a head turn together: the order in which converters leave their rows
     * @param partial whether a part of a head may be left alone
     * @param factors which tensors divide frequencies
     * @param unrotatedEvery the last of so many layers has no rotation; 0 where all have one
     * @param switched whether {@code rope.scaling.finetuned} says that no layer has one
     */
    record Turning(Pairing pairing, boolean partial, Factors factors, int unrotatedEvery, boolean switched) {}

    /** Which tensors divide frequencies. */
    enum Factors {
        /** None. */
        NONE,
        /** {@code rope_freqs}; where the scaling is {@code longrope}, the two of {@link #BY_CONTEXT}. */
        BY_TYPE,
        /** {@code rope_factors_long} for contexts beyond the original one, {@code rope_factors_short} for others. */
        BY_CONTEXT
    }

    /**
     * Layers that see the last positions only.
     *
     * @param otherwise how many positions where no key says it; 0 where all layers see all then
     * @param period the last of so many layers sees all, unless a key says otherwise; 0 where none does
     * @param turning how their rotation differs from that of the others
     */
    record Windows(int otherwise, int period, WindowedTurning turning) {}

    /** How the rotation of layers with a window differs from that of the others. */
    enum WindowedTurning {
        /** In its base at most, which {@code rope.freq_base_swa} gives. */
        SAME,
        /** They have the base that {@code rope.freq_base_swa} gives, 10,000 without, and are never scaled. */
        OWN_BASE,
        /** They have the same base, and are never scaled. */
        UNSCALED
    }

    /** Where the two blocks of a layer, attention and feed-forward, are normalised. */
    enum NormPlacement {
        /** What they read. */
        BEFORE,
        /** What they leave, before it is added to the stream. */
        AFTER,
        /** Both. */
        AROUND;

        boolean before() {
            return this != AFTER;
        }

        boolean after() {
            return this != BEFORE;
        }
    }

    /** How queries and keys are normalised before they turn. */
    enum HeadNorms {
        /** Not at all. */
        NONE,
        /** Each head by itself, with the same gains. */
        EACH_HEAD,
        /** All heads of a row together, with a gain for each element. */
        WHOLE_ROW
    }

    /** Products that may have a bias. */
    enum Bias {
        /** Queries, keys and values. */
        HEADS,
        /** What attention leaves. */
        ATTENTION_OUTPUT,
        /** The three products of the feed-forward block. */
        FEED_FORWARD,
        /** Logits. */
        LOGITS
    }

    /** Whether files have an output matrix beside the embedding. */
    enum OutputMatrix {
        /** Where they have none the embedding serves. */
        OPTIONAL,
        /** They must have one. */
        REQUIRED,
        /** The embedding always serves. */
        NONE
    }

    /** How what flows through the model is scaled. */
    enum Scales {
        /** Not at all. */
        NONE,
        /** Embeddings by the root of their width. */
        ROOT_OF_WIDTH,
        /** {@code embedding_scale}, {@code residual_scale}, and {@code logit_scale}, by which logits are divided. */
        BY_KEYS
    }

    /**
     * A value that numbers approach and do not exceed: {@code cap * tanh(x / cap)}.
     *
     * @param otherwise where no key gives it; 0 where there is none then
     */
    record Cap(float otherwise) {}

    /** A family that does what most do. */
    static FamilyBuilder named(String name) {
        return new FamilyBuilder(name);
    }
}
