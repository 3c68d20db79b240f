package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufMetadata;
import dev.quern.gguf.GgufValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.Quote;
import java.util.Optional;

/**
 * Reads the hyper-parameters that dense transformers have in common. Every number is checked against the range in which it
 * means something, and against the others; a key that is wrong does not hide what is wrong with the next.
 */
final class HyperparameterReader {
    /** No known model comes near these; they keep every product of two within an int or far within a long. */
    private static final int MOST_LAYERS = 512;

    private static final int LONGEST_ROW = 1 << 20;
    private static final int MOST_HEADS = 1 << 14;
    private static final int LONGEST_HEAD = 1 << 12;
    private static final int LONGEST_FEED_FORWARD = 1 << 22;
    private static final int LARGEST_VOCABULARY = 1 << 24;
    private static final int MOST_EXPERTS = 1024;

    /** Beyond this, a context length is rather a mistake than a promise. */
    private static final long PLAUSIBLE_CONTEXT = 1L << 24;

    private static final double DEFAULT_BASE = 10_000;
    private static final String TOKENS = "tokenizer.ggml.tokens";

    private final GgufMetadata metadata;
    private final int tensorCount;
    private final String architecture;
    private final Findings findings;

    HyperparameterReader(GgufFile file, String architecture, Findings findings) {
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
        refuseSplitFiles();
        refuseExperts();
        String name = findings.attempt(() -> metadata.findString("general.name").orElse(architecture))
                .orElse(architecture);
        int layers = integer("block_count", MOST_LAYERS);
        long context = contextLength();
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
        int vocabulary = vocabulary();
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
        if (value.get() > PLAUSIBLE_CONTEXT) {
            findings.warning(
                    where(ending),
                    "A context of " + value.get()
                            + " positions is not plausible; choose a smaller one when compiling.");
        }
        return value.get();
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
        double base = positive("rope.freq_base", DEFAULT_BASE);
        return new RotaryEmbedding(dimensions, (float) base, (float) (1 / linearFactor()));
    }

    /** The factor by which the context was extended linearly; 1 where it was not. */
    private double linearFactor() {
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
                return absent ? 1 : positive(ending, 1);
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

    /** A positive finite number. */
    private double positive(String ending, double otherwise) {
        double value = findings.attempt(() -> metadata.findFloat(key(ending)).orElse(otherwise))
                .orElse(otherwise);
        if (!(value > 0) || Double.isInfinite(value)) {
            findings.error(where(ending), "The value must be a positive number, but is " + value + ".");
            return otherwise;
        }
        return value;
    }

    private float epsilon() {
        String ending = "attention.layer_norm_rms_epsilon";
        double value =
                findings.attempt(() -> metadata.requireFloat(key(ending))).orElse(0.0);
        if (!(value >= 0) || value > 1) {
            findings.error(where(ending), "The value must be a small number, 0 to 1, but is " + value + ".");
        }
        return (float) value;
    }

    private float attentionScale(int headLength) {
        double natural = 1 / Math.sqrt(headLength);
        String ending = "attention.scale";
        boolean absent = findings.attempt(() -> metadata.findFloat(key(ending)).orElse(0) == 0)
                .orElse(true);
        return (float) (absent ? natural : positive(ending, natural));
    }

    private int vocabulary() {
        Optional<Integer> tokens = findings.attempt(() -> metadata.findStrings(TOKENS))
                .flatMap(found -> found.map(GgufValue.StringArray::length));
        if (!metadata.contains(key("vocab_size"))) {
            if (tokens.isEmpty() || tokens.get() == 0) {
                findings.error(
                        metadata.where(TOKENS),
                        "There are no tokens and no " + Quote.of(key("vocab_size")) + ": the vocabulary has no size.");
                return 1;
            }
            return tokens.get();
        }
        int size = integer("vocab_size", LARGEST_VOCABULARY);
        if (tokens.isPresent() && tokens.get() != size) {
            findings.error(
                    where("vocab_size"), "The value is " + size + ", but there are " + tokens.get() + " tokens.");
        }
        return size;
    }

    private void refuseExperts() {
        long experts = count("expert_count");
        long used = count("expert_used_count");
        if (experts == 0 && used == 0) {
            return;
        }
        if (experts < 0 || experts > MOST_EXPERTS || used < 0 || used > experts) {
            findings.error(
                    where("expert_count"),
                    "Of " + experts + " experts " + used + " are to be used; the first must be 0 to " + MOST_EXPERTS
                            + ", the second at most the first.");
            return;
        }
        findings.error(
                where("expert_count"),
                "The model has " + experts + " experts; mixtures of experts are not supported yet, only dense models.");
    }

    private long count(String ending) {
        return findings.attempt(() -> metadata.findInteger(key(ending)).orElse(0))
                .orElse(0L);
    }

    private void refuseSplitFiles() {
        long parts = findings.attempt(() -> metadata.findInteger("split.count").orElse(0))
                .orElse(0L);
        long number = findings.attempt(() -> metadata.findInteger("split.no").orElse(0))
                .orElse(0L);
        if (parts < 0 || parts > 1 || number != 0) {
            findings.error(
                    metadata.where("split.count"),
                    "This is part " + (number + 1) + " of a model that was split into " + parts
                            + " files, which is not supported. Join the parts with 'llama-gguf-split --merge' first.");
        }
        long tensors = findings.attempt(
                        () -> metadata.findInteger("split.tensors.count").orElse(tensorCount))
                .orElse((long) tensorCount);
        if (parts == 1 && tensors != tensorCount) {
            findings.error(
                    metadata.where("split.tensors.count"),
                    "The value is " + tensors + ", but the file has " + tensorCount + " tensors.");
        }
    }
}
