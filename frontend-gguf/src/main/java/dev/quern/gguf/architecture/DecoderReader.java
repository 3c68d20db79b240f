package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufMetadata;
import dev.quern.gguf.ModelTitle;
import dev.quern.gguf.Quote;
import dev.quern.gguf.architecture.Decoder.Layer;
import dev.quern.ir.Rotation;
import dev.quern.ir.TensorOp.Attention;
import java.util.ArrayList;
import java.util.Collections;
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
        long context = contextLength();
        var rotaries = new RotaryReader(numbers, family);
        int original = rotaries.originalContext(context);
        var windows = new WindowReader(numbers);
        List<Optional<Integer>> windowed = family.windows()
                .map(rule -> windows.read(rule, layers))
                .orElseGet(() -> Collections.nCopies(layers, Optional.empty()));
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
        RotaryEmbedding rotary = rotaries.read(headLength, original);
        RotaryEmbedding ofWindowed = family.windows()
                .map(rule -> rotaries.ofWindowedLayers(rotary, rule))
                .orElse(rotary);
        boolean turns = !family.turning().switched() || numbers.truth("rope.scaling.finetuned", true);
        float epsilon = epsilon();
        int share = layers == family.layersScaledByShare() ? Math.max(1, embedding / heads) : headLength;
        float scale = attentionScale(share, rotary.magnitude());
        Decoder.Scales scales = scales(embedding);
        Optional<Float> attentionCap = cap("attn_logit_softcapping", family.attentionCap());
        Optional<Attention.Sharpening> sharpening = sharpening(original);
        Optional<Float> logitCap = cap("final_logit_softcapping", family.logitCap());
        int vocabulary = new VocabularySize(file, numbers.key("vocab_size"), findings).read(embedding);
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
        List<Layer> description = turns
                ? layers(windowed, rotation(headLength, rotary), rotation(headLength, ofWindowed))
                : layers(windowed, Optional.empty(), Optional.empty());
        return new Decoder(
                family,
                sizes,
                description,
                scales,
                attentionCap,
                sharpening,
                logitCap,
                original,
                rotaries.factorsByContext());
    }

    private Optional<Rotation> rotation(int headLength, RotaryEmbedding rotary) {
        return Optional.of(rotary.of(headLength, family.turning().pairing()));
    }

    private List<Layer> layers(
            List<Optional<Integer>> windows, Optional<Rotation> ofMost, Optional<Rotation> ofWindowed) {
        int period = family.turning().unrotatedEvery();
        var layers = new ArrayList<Layer>();
        for (int layer = 0; layer < windows.size(); layer++) {
            Optional<Integer> window = windows.get(layer);
            boolean unrotated = period > 0 && (layer + 1) % period == 0;
            Optional<Rotation> rotation = window.isPresent() ? ofWindowed : ofMost;
            layers.add(new Layer(unrotated ? Optional.empty() : rotation, window));
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

    /** How scores grow beyond the first training's context, if the family and the file say so. */
    private Optional<Attention.Sharpening> sharpening(int original) {
        String ending = "attention.temperature_scale";
        return family.sharpensWithPosition() && !numbers.absent(ending)
                ? Optional.of(new Attention.Sharpening(original, numbers.positive(ending, 1)))
                : Optional.empty();
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

    /** By what products of queries and keys are multiplied. */
    private float attentionScale(int share, float magnitude) {
        float scale = numbers.positiveUnlessAbsent("attention.scale", (float) (1 / Math.sqrt(share)));
        // Queries and keys are both larger by the magnitude.
        float product = scale * magnitude * magnitude;
        if (product == 0 || Float.isInfinite(product)) {
            findings.error(
                    numbers.where("rope.scaling.attn_factor"),
                    "Attention would be scaled by " + scale + " times the square of " + magnitude
                            + ", which is no number to compute with.");
        }
        return scale;
    }

    private Decoder.Scales scales(int embedding) {
        return switch (family.scales()) {
            case NONE -> new Decoder.Scales(1, 1, 1);
            case ROOT_OF_WIDTH -> new Decoder.Scales((float) Math.sqrt(embedding), 1, 1);
            case BY_KEYS ->
                new Decoder.Scales(
                        numbers.positiveUnlessAbsent("embedding_scale", 1),
                        numbers.positiveUnlessAbsent("residual_scale", 1),
                        inverse("logit_scale"));
        };
    }

    /** A cap as a key gives it, or the family; nothing where it is 0. */
    private Optional<Float> cap(String ending, Optional<Family.Cap> rule) {
        if (rule.isEmpty()) {
            return Optional.empty();
        }
        float otherwise = rule.get().otherwise();
        if (!numbers.has(ending)) {
            return otherwise == 0 ? Optional.empty() : Optional.of(otherwise);
        }
        return numbers.absent(ending) ? Optional.empty() : Optional.of(numbers.positive(ending, 1));
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
