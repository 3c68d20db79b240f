package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufMetadata;
import dev.quern.gguf.GgufValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.ModelTitle;
import dev.quern.gguf.Quote;
import java.util.Optional;

/**
 * Reads the hyper-parameters that dense transformers have in common. Every number is checked against the range in which
 * it means something, and against the others; a key that is wrong does not hide what is wrong with the next.
 */
final class HyperparameterReader {
    /** No known model comes near these; they keep every product of two within an int or far within a long. */
    private static final int MOST_LAYERS = 512;

    private static final int LONGEST_ROW = 1 << 20;
    private static final int MOST_HEADS = 1 << 14;
    private static final int LONGEST_HEAD = 1 << 12;
    private static final int LONGEST_FEED_FORWARD = 1 << 22;

    /** Beyond this, a context length is rather a mistake than a promise. */
    private static final long PLAUSIBLE_CONTEXT = 1L << 24;

    private static final double DEFAULT_BASE = 10_000;

    private final GgufFile file;
    private final GgufMetadata metadata;
    private final int tensorCount;
    private final String architecture;
    private final Findings findings;

    HyperparameterReader(GgufFile file, String architecture, Findings findings) {
        this.file = file;
        this.metadata = file.metadata();
        this.tensorCount = file.tensors().size();
        this.architecture = architecture;
        this.findings = findings;
    }

    /**
     * Reads all.
     *
     * @throws GgufException if there are errors among the findings
     */
    Hyperparameters read() {
        checkParts();
        KnownKeys.check(metadata, architecture, findings);
        findings.attempt(() -> metadata.findString("general.name"));
        String name = ModelTitle.of(metadata).orElse(architecture);
        int layers = integer("block_count", MOST_LAYERS);
        long context = withinWindow(contextLength());
        int embedding = integer("embedding_length", LONGEST_ROW);
        int feedForward = perLayer("feed_forward_length", LONGEST_FEED_FORWARD, layers, Optional.empty());
        int heads = perLayer("attention.head_count", MOST_HEADS, layers, Optional.empty());
        int keyValueHeads = perLayer("attention.head_count_kv", MOST_HEADS, layers, Optional.of(heads));
        if (heads % keyValueHeads != 0) {
            findings.error(
                    where("attention.head_count_kv"),
                    heads + " query heads cannot share " + keyValueHeads
                            + " heads of keys and values: the first must be a multiple of the second.");
        }
        int headLength = headLength(embedding, heads);
        RotaryEmbedding rotary = rotary(headLength);
        float epsilon = epsilon();
        float scale = attentionScale(headLength);
        int vocabulary = new VocabularySize(file, key("vocab_size"), findings).read(embedding);
        findings.throwIfErrors();
        return new Hyperparameters(
                architecture,
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
    }

    private String key(String ending) {
        return architecture + "." + ending;
    }

    private String where(String ending) {
        return metadata.where(key(ending));
    }

    /** A required integer from 1 to {@code most}; 1 where it is wrong, so that other checks can go on. */
    private int integer(String ending, int most) {
        Optional<Long> value = findings.attempt(() -> metadata.requireInteger(key(ending)));
        return value.isPresent() && inRange(ending, value.get(), most)
                ? value.get().intValue()
                : 1;
    }

    private boolean inRange(String ending, long value, long most) {
        if (value < 1 || value > most) {
            findings.error(where(ending), "The value must be 1 to " + most + ", but is " + value + ".");
            return false;
        }
        return true;
    }

    /** An integer given once, or once for each layer; the layers must agree. */
    private int perLayer(String ending, int most, int layers, Optional<Integer> otherwise) {
        Optional<GgufValue> found = metadata.find(key(ending));
        if (found.isEmpty() && otherwise.isPresent()) {
            return otherwise.get();
        }
        if (found.isEmpty() || found.get() instanceof IntegerValue || !(found.get() instanceof NumberArray values)) {
            return integer(ending, most);
        }
        if (!values.elementType().isInteger() || values.length() != layers) {
            findings.error(
                    where(ending),
                    "The value must be an integer, or an array of one integer for each of " + layers
                            + " layers, but is " + values.describe() + ".");
            return 1;
        }
        long first = values.integerAt(0);
        for (int layer = 1; layer < layers; layer++) {
            if (values.integerAt(layer) != first) {
                findings.error(
                        where(ending),
                        "Layer 0 has " + first + " and layer " + layer + " has " + values.integerAt(layer)
                                + "; layers that differ are not supported yet.");
                return 1;
            }
        }
        return inRange(ending, first, most) ? (int) first : 1;
    }

    private long contextLength() {
        String ending = "context_length";
        Optional<Long> value = findings.attempt(() -> metadata.requireInteger(key(ending)));
        if (value.isEmpty() || !inRange(ending, value.get(), 0xffff_ffffL)) {
            return 1;
        }
        long context = value.get();
        if (context > PLAUSIBLE_CONTEXT) {
            findings.warning(
                    where(ending),
                    "A context of " + context + " positions is not plausible; choose a smaller one when compiling.");
        }
        return value.get();
    }

    /** So many positions of a context that each token sees all before it, which is how attention is computed. */
    private long withinWindow(long context) {
        String ending = "attention.sliding_window";
        long window = findings.attempt(() -> metadata.findInteger(key(ending)).orElse(0))
                .orElse(0L);
        if (window < 0) {
            findings.error(where(ending), "The value must be 0 or a number of positions, but is " + window + ".");
        }
        if (window <= 0 || window >= context) {
            return context;
        }
        findings.warning(
                where(ending),
                "Tokens attend to the last " + window
                        + " positions only. The model is compiled for so many positions at"
                        + " most, among which that makes no difference.");
        return window;
    }

    private int headLength(int embedding, int heads) {
        boolean hasKeyLength = metadata.contains(key("attention.key_length"));
        if (!hasKeyLength && embedding % heads != 0) {
            findings.error(
                    where("attention.head_count"),
                    "An embedding of " + embedding + " elements cannot be divided into " + heads
                            + " heads, and there is no key " + Quote.of(key("attention.key_length")) + ".");
            return 2;
        }
        int otherwise = Math.max(1, embedding / heads);
        int keyLength = hasKeyLength ? integer("attention.key_length", LONGEST_HEAD) : otherwise;
        int valueLength = metadata.contains(key("attention.value_length"))
                ? integer("attention.value_length", LONGEST_HEAD)
                : otherwise;
        if (keyLength > LONGEST_HEAD) {
            findings.error(
                    where("attention.head_count"),
                    "Heads have " + keyLength + " elements, but at most " + LONGEST_HEAD + " are supported.");
        }
        if (keyLength != valueLength) {
            findings.error(
                    where("attention.value_length"),
                    "Heads of keys have " + keyLength + " elements and heads of values " + valueLength
                            + "; only equal lengths are supported yet.");
        }
        return keyLength;
    }

    private RotaryEmbedding rotary(int headLength) {
        int dimensions = metadata.contains(key("rope.dimension_count"))
                ? integer("rope.dimension_count", LONGEST_HEAD)
                : headLength;
        if (dimensions % 2 != 0 || dimensions > headLength) {
            findings.error(
                    where("rope.dimension_count"),
                    "The number of rotated elements must be even and at most the length of a head (" + headLength
                            + "), but is " + dimensions + ".");
        } else if (dimensions != headLength) {
            findings.error(
                    where("rope.dimension_count"),
                    "Architecture " + architecture + " rotates whole heads of " + headLength
                            + " elements, but the value is " + dimensions + ".");
        }
        float base = positive("rope.freq_base", DEFAULT_BASE);
        return new RotaryEmbedding(dimensions, base, linearScale());
    }

    /**
     * By what positions are multiplied: one over the factor by which the context was extended linearly; 1 where it was
     * not.
     */
    private float linearScale() {
        String type = findings.attempt(
                        () -> metadata.findString(key("rope.scaling.type")).orElse("linear"))
                .orElse("linear");
        switch (type) {
            case "linear" -> {
                String ending =
                        metadata.contains(key("rope.scaling.factor")) ? "rope.scaling.factor" : "rope.scale_linear";
                // Converters write 0 for a model whose context was not extended.
                boolean absent = findings.attempt(
                                () -> metadata.findFloat(key(ending)).orElse(0) == 0)
                        .orElse(true);
                float scale = absent ? 1 : 1 / positive(ending, 1);
                if (scale == 0 || Float.isInfinite(scale)) {
                    findings.error(
                            where(ending),
                            "Positions divided by " + metadata.findFloat(key(ending)) + " are no numbers.");
                }
                return scale;
            }
            case "none" -> {
                return 1;
            }
            case "yarn", "longrope", "llama3", "dynamic" ->
                findings.error(
                        where("rope.scaling.type"),
                        "Rotary scaling of type " + Quote.of(type) + " is not supported yet. Supported: none, linear.");
            default ->
                findings.error(
                        where("rope.scaling.type"),
                        "Rotary scaling of type " + Quote.of(type) + " is not known. Supported: none, linear.");
        }
        return 1;
    }

    /** A number that is positive and finite also as an f32, which is what the graph computes with. */
    private float positive(String ending, double otherwise) {
        double value = findings.attempt(() -> metadata.findFloat(key(ending)).orElse(otherwise))
                .orElse(otherwise);
        float narrow = (float) value;
        if (!(narrow > 0) || Float.isInfinite(narrow)) {
            findings.error(where(ending), "The value must be a positive number, but is " + value + ".");
            return (float) otherwise;
        }
        return narrow;
    }

    private float epsilon() {
        String ending = "attention.layer_norm_rms_epsilon";
        double value =
                findings.attempt(() -> metadata.requireFloat(key(ending))).orElse(0.0);
        float narrow = (float) value;
        if (!(narrow >= 0) || Float.isInfinite(narrow)) {
            findings.error(where(ending), "The value must be a small number, 0 to 1, but is " + value + ".");
        } else if (narrow > 1) {
            findings.warning(where(ending), "The value is " + value + ", but small numbers, 0 to 1, are usual.");
        }
        return narrow;
    }

    /**
     * By what products of queries and keys are multiplied. Where rotated queries and keys are both multiplied by a
     * factor, so are their products, by its square.
     */
    private float attentionScale(int headLength) {
        float natural = (float) (1 / Math.sqrt(headLength));
        String ending = "attention.scale";
        boolean absent = findings.attempt(() -> metadata.findFloat(key(ending)).orElse(0) == 0)
                .orElse(true);
        double scale = absent ? natural : positive(ending, natural);
        String factorEnding = "rope.scaling.attn_factor";
        double factor = positive(factorEnding, 1);
        float product = (float) (scale * factor * factor);
        if (product == 0 || Float.isInfinite(product)) {
            findings.error(
                    where(factorEnding),
                    "Attention would be scaled by " + scale + " times the square of " + factor
                            + ", which is no number to compute with.");
        }
        return product;
    }

    /** A model that was split is complete, or its one file says what is missing. */
    private void checkParts() {
        long present = file.source().parts().size();
        long parts = findings.attempt(() -> metadata.findInteger("split.count").orElse(0))
                .orElse(0L);
        long number = findings.attempt(() -> metadata.findInteger("split.no").orElse(0))
                .orElse(0L);
        if (present == 1 && (parts < 0 || parts > 1 || number != 0)) {
            findings.error(
                    metadata.where("split.count"),
                    "This is file " + (number + 1) + " of a model that was split into " + parts
                            + " files. All of them are needed, beside each other and under the names that they were"
                            + " given: model-00001-of-00003.gguf is the first of three.");
        }
        long tensors = findings.attempt(
                        () -> metadata.findInteger("split.tensors.count").orElse(tensorCount))
                .orElse((long) tensorCount);
        if (parts == present && tensors != tensorCount) {
            findings.error(
                    metadata.where("split.tensors.count"),
                    "The value is " + tensors + ", but there are " + tensorCount + " tensors.");
        }
    }
}
