package dev.quern.gguf.architecture;

import dev.quern.ir.Rotation.Pairing;

/**
 * What all models of one architecture have in common and no key of their files says: data, from which one reader makes
 * the description of a model ({@link Decoder}) and one builder its graph. A family that differs from the others in
 * something new gets a component here; what those do is its default.
 *
 * @param name the value of {@code general.architecture}
 * @param pairing which elements of a head turn together: the order in which converters leave the rows of queries and
 *     keys
 * @param unrotatedEvery the last of so many layers has no rotation; 0 where all have one
 * @param rotationIsSwitched whether {@code rope.scaling.finetuned} says that no layer has one
 * @param sharpensWithPosition whether {@code attention.temperature_scale} says that attention sharpens in positions
 *     beyond those of the first training
 * @param norms where the blocks of a layer are normalised
 * @param headNorms how queries and keys are normalised before they turn
 * @param joins whether queries, keys and values have one matrix, and gate and up another; the former may be one in
 *     files of any family
 * @param output whether files have an output matrix of their own
 * @param scales which keys scale the stream
 */
record Family(
        String name,
        Pairing pairing,
        int unrotatedEvery,
        boolean rotationIsSwitched,
        boolean sharpensWithPosition,
        NormPlacement norms,
        HeadNorms headNorms,
        boolean joins,
        OutputMatrix output,
        Scales scales) {

    /** Where the two blocks of a layer, attention and feed-forward, are normalised. */
    enum NormPlacement {
        /** What they read. */
        BEFORE,
        /** What they leave, before it is added to the stream. */
        AFTER;

        boolean before() {
            return this == BEFORE;
        }

        boolean after() {
            return this == AFTER;
        }
    }

    /** How queries and keys are normalised before they turn. */
    enum HeadNorms {
        /** Not at all. */
        NONE,
        /** All heads of a row together, with a gain for each element. */
        WHOLE_ROW
    }

    /** Whether files have an output matrix beside the embedding. */
    enum OutputMatrix {
        /** Where they have none the embedding serves. */
        OPTIONAL,
        /** They must have one. */
        REQUIRED
    }

    /** Which keys scale what flows through the model. */
    enum Scales {
        /** None. */
        NONE,
        /** {@code embedding_scale}, {@code residual_scale}, and {@code logit_scale}, by which logits are divided. */
        BY_KEYS
    }

    /** A family that does what most do. */
    static Builder named(String name) {
        return new Builder(name);
    }

    /** Collects what sets a family apart. */
    static final class Builder {
        private final String name;
        private Pairing pairing = Pairing.ADJACENT;
        private int unrotatedEvery;
        private boolean rotationIsSwitched;
        private boolean sharpensWithPosition;
        private NormPlacement norms = NormPlacement.BEFORE;
        private HeadNorms headNorms = HeadNorms.NONE;
        private boolean joins;
        private OutputMatrix output = OutputMatrix.OPTIONAL;
        private Scales scales = Scales.NONE;

        private Builder(String name) {
            this.name = name;
        }

        Builder pairing(Pairing value) {
            pairing = value;
            return this;
        }

        Builder unrotatedEvery(int layers) {
            unrotatedEvery = layers;
            return this;
        }

        Builder rotationIsSwitched() {
            rotationIsSwitched = true;
            return this;
        }

        Builder sharpensWithPosition() {
            sharpensWithPosition = true;
            return this;
        }

        Builder norms(NormPlacement value) {
            norms = value;
            return this;
        }

        Builder headNorms(HeadNorms value) {
            headNorms = value;
            return this;
        }

        Builder joins() {
            joins = true;
            return this;
        }

        Builder output(OutputMatrix value) {
            output = value;
            return this;
        }

        Builder scales(Scales value) {
            scales = value;
            return this;
        }

        Family build() {
            return new Family(
                    name,
                    pairing,
                    unrotatedEvery,
                    rotationIsSwitched,
                    sharpensWithPosition,
                    norms,
                    headNorms,
                    joins,
                    output,
                    scales);
        }
    }
}
