package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufMetadata;
import dev.quern.gguf.ModelTitle;
import dev.quern.gguf.Quote;
import dev.quern.gguf.architecture.Decoder.Layer;
import dev.quern.gguf.architecture.Family.Scales;
import dev.quern.ir.Rotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the description of a model of some family from the keys of its file. Every number is checked against the range
 * in which it means something, and against the others; a key that is wrong does not hide what is wrong with the next.
 */
final class DecoderReader {
    /** No known model comes near these; they keep every product of two within an int or far within a long. */
    private static final int MOST_LAYERS = 512;

    private static final int LONGEST_ROW = 1 << 20;
    private static final int MOST_HEADS = 1 << 14;
    static final int LONGEST_HEAD = 1 << 12;
    private static final int LONGEST_FEED_FORWARD = 1 << 22;

    /** Beyond this, a context length is rather a mistake than a promise. */
    private static final long PLAUSIBLE_CONTEXT = 1L << 24;

    private final GgufFile file;
    private final GgufMetadata metadata;
    private final Family family;
    private final Findings findings;
    private final ModelNumbers numbers;

    DecoderReader(GgufFile file, Family family, Findings findings) {
        this.file = file;
        this.metadata = file.metadata();
        this.family = family;
        this.findings = findings;
        this.numbers = new ModelNumbers(metadata, family.name(), findings);
    }

    /**
     * Reads all.
     *
     * @throws GgufException if there are errors among the findings
     */
    Decoder read() {
        SplitParts.check(file, findings);
        KnownKeys.check(metadata, family.name(), findings);
        findings.attempt(() -> metadata.findString("general.name"));
        String name = ModelTitle.of(metadata).orElse(family.name());
        int layers = numbers.integer("block_count", MOST_LAYERS);
        long context = withoutSharpening(withinWindow(contextLength()));
        int embedding = numbers.integer("embedding_length", LONGEST_ROW);
        int feedForward = numbers.perLayer("feed_forward_length", LONGEST_FEED_FORWARD, layers, Optional.empty());
        int heads = numbers.perLayer("attention.head_count", MOST_HEADS, layers, Optional.empty());
        int keyValueHeads = numbers.perLayer("attention.head_count_kv", MOST_HEADS, layers, Optional.of(heads));
        if (heads % keyValueHeads != 0) {
            findings.error(
                    numbers.where("attention.head_count_kv"),
                    heads + " query heads cannot share " + keyValueHeads
                            + " heads of keys and values: the first must be a multiple of the second.");
        }
        int headLength = headLength(embedding, heads);
        RotaryEmbedding rotary = new RotaryReader(numbers).read(headLength);
        float epsilon = epsilon();
        float scale = attentionScale(headLength);
        int vocabulary = new VocabularySize(file, numbers.key("vocab_size"), findings).read(embedding);
        boolean scales = family.scales() == Scales.BY_KEYS;
        float embeddingScale = scales ? numbers.positiveUnlessAbsent("embedding_scale", 1) : 1;
        float residualScale = scales ? numbers.positiveUnlessAbsent("residual_scale", 1) : 1;
        float logitScale = scales ? inverse("logit_scale") : 1;
        boolean turns = !family.rotationIsSwitched() || numbers.truth("rope.scaling.finetuned", true);
        findings.throwIfErrors();
        var sizes = new Hyperparameters(
                family.name(),
                name,
                layers,
                context,
                embedding,
                feedForward,
                heads,
                keyValueHeads,
                headLength,
                rotary,
                epsilon,
                scale,
                vocabulary);
        return new Decoder(family, sizes, embeddingScale, layers(sizes, turns), residualScale, logitScale);
    }

    private List<Layer> layers(Hyperparameters sizes, boolean turns) {
        RotaryEmbedding rotary = sizes.rotary();
        var rotation =
                new Rotation(sizes.headLength(), rotary.dimensions(), rotary.base(), rotary.scale(), family.pairing());
        var layers = new ArrayList<Layer>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            boolean last = family.unrotatedEvery() > 0 && (layer + 1) % family.unrotatedEvery() == 0;
            layers.add(new Layer(turns && !last ? Optional.of(rotation) : Optional.empty(), sizes.attentionScale()));
        }
        return layers;
    }

    private long contextLength() {
        String ending = "context_length";
        Optional<Long> value = numbers.required(ending);
        if (value.isEmpty() || !numbers.inRange(ending, value.get(), 0xffff_ffffL)) {
            return 1;
        }
        long context = value.get();
        if (context > PLAUSIBLE_CONTEXT) {
            findings.warning(
                    numbers.where(ending),
                    "A context of " + context + " positions is not plausible; choose a smaller one when compiling.");
        }
        return value.get();
    }

    /** So many positions of a context that each token sees all before it, which is how attention is computed. */
    private long withinWindow(long context) {
        String ending = "attention.sliding_window";
        long window = numbers.integerOr(ending, 0);
        if (window < 0) {
            findings.error(
                    numbers.where(ending), "The value must be 0 or a number of positions, but is " + window + ".");
        }
        if (window <= 0 || window >= context) {
            return context;
        }
        findings.warning(
                numbers.where(ending),
                "Tokens attend to the last " + window
                        + " positions only. The model is compiled for so many positions at"
                        + " most, among which that makes no difference.");
        return window;
    }

    /** So many positions of a context that attention does not sharpen: it begins to where the first training ended. */
    private long withoutSharpening(long context) {
        String ending = "attention.temperature_scale";
        if (!family.sharpensWithPosition() || numbers.absent(ending)) {
            return context;
        }
        numbers.positive(ending, 1);
        String originalEnding = "rope.scaling.original_context_length";
        long original = numbers.integerOr(originalEnding, context);
        if (original < 1) {
            findings.error(
                    numbers.where(originalEnding), "The value must be a number of positions, but is " + original + ".");
        }
        if (original < 1 || original >= context) {
            return context;
        }
        findings.warning(
                numbers.where(ending),
                "Attention sharpens from position " + original
                        + " on. The model is compiled for so many positions at most, among which it does not.");
        return original;
    }

    private int headLength(int embedding, int heads) {
        boolean hasKeyLength = numbers.has("attention.key_length");
        if (!hasKeyLength && embedding % heads != 0) {
            findings.error(
                    numbers.where("attention.head_count"),
                    "An embedding of " + embedding + " elements cannot be divided into " + heads
                            + " heads, and there is no key " + Quote.of(numbers.key("attention.key_length")) + ".");
            return 2;
        }
        int otherwise = Math.max(1, embedding / heads);
        int keyLength = hasKeyLength ? numbers.integer("attention.key_length", LONGEST_HEAD) : otherwise;
        int valueLength = numbers.has("attention.value_length")
                ? numbers.integer("attention.value_length", LONGEST_HEAD)
                : otherwise;
        if (keyLength > LONGEST_HEAD) {
            findings.error(
                    numbers.where("attention.head_count"),
                    "Heads have " + keyLength + " elements, but at most " + LONGEST_HEAD + " are supported.");
        }
        if (keyLength != valueLength) {
            findings.error(
                    numbers.where("attention.value_length"),
                    "Heads of keys have " + keyLength + " elements and heads of values " + valueLength
                            + "; only equal lengths are supported yet.");
        }
        return keyLength;
    }

    private float epsilon() {
        String ending = "attention.layer_norm_rms_epsilon";
        double value = findings.attempt(() -> metadata.requireFloat(numbers.key(ending)))
                .orElse(0.0);
        float narrow = (float) value;
        if (!(narrow >= 0) || Float.isInfinite(narrow)) {
            findings.error(numbers.where(ending), "The value must be a small number, 0 to 1, but is " + value + ".");
        } else if (narrow > 1) {
            findings.warning(
                    numbers.where(ending), "The value is " + value + ", but small numbers, 0 to 1, are usual.");
        }
        return narrow;
    }

    /**
     * By what products of queries and keys are multiplied. Where rotated queries and keys are both multiplied by a
     * factor, so are their products, by its square.
     */
    private float attentionScale(int headLength) {
        double natural = (float) (1 / Math.sqrt(headLength));
        double scale = numbers.positiveUnlessAbsent("attention.scale", natural);
        String factorEnding = "rope.scaling.attn_factor";
        double factor = numbers.positive(factorEnding, 1);
        float product = (float) (scale * factor * factor);
        if (product == 0 || Float.isInfinite(product)) {
            findings.error(
                    numbers.where(factorEnding),
                    "Attention would be scaled by " + scale + " times the square of " + factor
                            + ", which is no number to compute with.");
        }
        return product;
    }

    /** One over a positive number that must be there. */
    private float inverse(String ending) {
        float inverse = 1 / numbers.requiredPositive(ending, 1);
        if (inverse == 0 || Float.isInfinite(inverse)) {
            findings.error(numbers.where(ending), "Logits divided by it are no numbers.");
        }
        return inverse;
    }
}
