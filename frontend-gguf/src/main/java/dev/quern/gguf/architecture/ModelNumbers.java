package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufMetadata;
import dev.quern.gguf.GgufValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.gguf.GgufValue.NumberArray;
import java.util.Optional;

/**
 * Reads numbers under the keys of one architecture, which are named by what stands behind its name. A number that is
 * wrong goes to the findings, and one comes back with which the other checks can go on.
 */
final class ModelNumbers {
    private final GgufMetadata metadata;
    private final String architecture;
    private final Findings findings;

    ModelNumbers(GgufMetadata metadata, String architecture, Findings findings) {
        this.metadata = metadata;
        this.architecture = architecture;
        this.findings = findings;
    }

    /** The value of {@code general.architecture}. */
    String architecture() {
        return architecture;
    }

    /** What is wrong or odd goes here. */
    Findings findings() {
        return findings;
    }

    /** The whole key. */
    String key(String ending) {
        return architecture + "." + ending;
    }

    /** The place of a key for messages. */
    String where(String ending) {
        return metadata.where(key(ending));
    }

    /** Whether the file has the key. */
    boolean has(String ending) {
        return metadata.contains(key(ending));
    }

    /** The value as it stands in the file. */
    Optional<GgufValue> find(String ending) {
        return metadata.find(key(ending));
    }

    /** A required integer from 1 to {@code most}; 1 where it is wrong. */
    int integer(String ending, int most) {
        Optional<Long> value = required(ending);
        return value.isPresent() && inRange(ending, value.get(), most)
                ? value.get().intValue()
                : 1;
    }

    /** A required integer of any size; nothing where it is missing or none. */
    Optional<Long> required(String ending) {
        return findings.attempt(() -> metadata.requireInteger(key(ending)));
    }

    /** An integer of any size, {@code otherwise} where the key is missing or its value none. */
    long integerOr(String ending, long otherwise) {
        return findings.attempt(() -> metadata.findInteger(key(ending)).orElse(otherwise))
                .orElse(otherwise);
    }

    /** Refuses a value that is not within 1 to {@code most}. */
    boolean inRange(String ending, long value, long most) {
        if (value < 1 || value > most) {
            findings.error(where(ending), "The value must be 1 to " + most + ", but is " + value + ".");
            return false;
        }
        return true;
    }

    /** An integer given once, or once for each layer; the layers must agree. */
    int perLayer(String ending, int most, int layers, Optional<Integer> otherwise) {
        Optional<GgufValue> found = find(ending);
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

    /** Whether the key is missing or says 0, which converters write for what a model does not have. */
    boolean absent(String ending) {
        return findings.attempt(() -> metadata.findFloat(key(ending)).orElse(0) == 0)
                .orElse(true);
    }

    /** A number as the file has it, {@code otherwise} where it has none. */
    double number(String ending, double otherwise) {
        return findings.attempt(() -> metadata.findFloat(key(ending)).orElse(otherwise))
                .orElse(otherwise);
    }

    /** A number that is positive and finite also as an f32, which is what the graph computes with. */
    float positive(String ending, double otherwise) {
        return positive(ending, number(ending, otherwise), otherwise);
    }

    /** The same of a number that must be there. */
    float requiredPositive(String ending, double otherwise) {
        return findings.attempt(() -> metadata.requireFloat(key(ending)))
                .map(value -> positive(ending, value, otherwise))
                .orElse((float) otherwise);
    }

    private float positive(String ending, double value, double otherwise) {
        float narrow = (float) value;
        if (!(narrow > 0) || Float.isInfinite(narrow)) {
            findings.error(where(ending), "The value must be a positive number, but is " + value + ".");
            return (float) otherwise;
        }
        return narrow;
    }

    /** A positive number, {@code otherwise} where the key is missing or says 0. */
    float positiveUnlessAbsent(String ending, double otherwise) {
        return absent(ending) ? (float) otherwise : positive(ending, otherwise);
    }

    /** A name, {@code otherwise} where the key is missing or its value no string. */
    String text(String ending, String otherwise) {
        return findings.attempt(() -> metadata.findString(key(ending)).orElse(otherwise))
                .orElse(otherwise);
    }

    /** A truth value, {@code otherwise} where the key is missing or its value none. */
    boolean truth(String ending, boolean otherwise) {
        return findings.attempt(() -> metadata.findBoolean(key(ending)).orElse(otherwise))
                .orElse(otherwise);
    }
}
