package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.Quote;

/** Reads how positions turn queries and keys. */
final class RotaryReader {
    private static final double DEFAULT_BASE = 10_000;

    private final ModelNumbers numbers;
    private final Findings findings;

    RotaryReader(ModelNumbers numbers) {
        this.numbers = numbers;
        this.findings = numbers.findings();
    }

    RotaryEmbedding read(int headLength) {
        int dimensions = dimensions(headLength);
        float base = numbers.positive("rope.freq_base", DEFAULT_BASE);
        return new RotaryEmbedding(dimensions, base, linearScale());
    }

    private int dimensions(int headLength) {
        String ending = "rope.dimension_count";
        int dimensions = numbers.has(ending) ? numbers.integer(ending, DecoderReader.LONGEST_HEAD) : headLength;
        if (dimensions % 2 != 0 || dimensions > headLength) {
            findings.error(
                    numbers.where(ending),
                    "The number of rotated elements must be even and at most the length of a head (" + headLength
                            + "), but is " + dimensions + ".");
        } else if (dimensions != headLength) {
            findings.error(
                    numbers.where(ending),
                    "Architecture " + numbers.architecture() + " rotates whole heads of " + headLength
                            + " elements, but the value is " + dimensions + ".");
        }
        return dimensions;
    }

    /**
     * By what positions are multiplied: one over the factor by which the context was extended linearly; 1 where it was
     * not.
     */
    private float linearScale() {
        String ending = "rope.scaling.type";
        String type = numbers.text(ending, "linear");
        switch (type) {
            case "linear" -> {
                return inverseFactor();
            }
            case "none" -> {
                return 1;
            }
            case "yarn", "longrope", "llama3", "dynamic" ->
                findings.error(
                        numbers.where(ending),
                        "Rotary scaling of type " + Quote.of(type) + " is not supported yet. Supported: none, linear.");
            default ->
                findings.error(
                        numbers.where(ending),
                        "Rotary scaling of type " + Quote.of(type) + " is not known. Supported: none, linear.");
        }
        return 1;
    }

    private float inverseFactor() {
        String ending = numbers.has("rope.scaling.factor") ? "rope.scaling.factor" : "rope.scale_linear";
        float factor = numbers.positiveUnlessAbsent(ending, 1);
        float scale = 1 / factor;
        if (scale == 0 || Float.isInfinite(scale)) {
            findings.error(
                    numbers.where(ending), "Positions divided by " + numbers.number(ending, 1) + " are no numbers.");
        }
        return scale;
    }
}
