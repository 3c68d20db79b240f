package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.Quote;
import dev.quern.gguf.architecture.Family.Factors;
import dev.quern.ir.Rotation.Yarn;
import java.util.Optional;

/** Reads how positions turn queries and keys. */
final class RotaryReader {
    private static final double DEFAULT_BASE = 10_000;
    private static final double DEFAULT_FAST = 32;
    private static final double DEFAULT_SLOW = 1;
    private static final String TYPE = "rope.scaling.type";
    private static final String WINDOWED_BASE = "rope.freq_base_swa";
    private static final String ORIGINAL_CONTEXT = "rope.scaling.original_context_length";

    private final ModelNumbers numbers;
    private final Findings findings;
    private final Family family;

    RotaryReader(ModelNumbers numbers, Family family) {
        this.numbers = numbers;
        this.findings = numbers.findings();
        this.family = family;
    }

    /**
     * Reads all of it.
     *
     * @param originalContext the positions that the model was trained for before its context was extended
     */
    RotaryEmbedding read(int headLength, int originalContext) {
        int dimensions = dimensions(headLength);
        float base = numbers.positive("rope.freq_base", DEFAULT_BASE);
        float magnitude = numbers.positive("rope.scaling.attn_factor", 1);
        String type = numbers.text(TYPE, "linear");
        switch (type) {
            case "none" -> {
                return new RotaryEmbedding(dimensions, base, 1, Optional.empty(), magnitude);
            }
            case "linear" -> {
                return new RotaryEmbedding(dimensions, base, inverseFactor(), Optional.empty(), magnitude);
            }
            case "longrope" -> {
                if (family.turning().factors() == Factors.NONE) {
                    refuse(type, " is not supported by this architecture.");
                }
                return new RotaryEmbedding(dimensions, base, inverseFactor(), Optional.empty(), magnitude);
            }
            case "yarn" -> {
                return withYarn(dimensions, base, magnitude, originalContext);
            }
            case "llama3", "dynamic" -> refuse(type, " is not supported yet.");
            default -> refuse(type, " is not known.");
        }
        return new RotaryEmbedding(dimensions, base, 1, Optional.empty(), magnitude);
    }

    private RotaryEmbedding withYarn(int dimensions, float base, float magnitude, int originalContext) {
        float scale = inverseFactor();
        var yarn = new Yarn(
                originalContext,
                numbers.positive("rope.scaling.yarn_beta_fast", DEFAULT_FAST),
                numbers.positive("rope.scaling.yarn_beta_slow", DEFAULT_SLOW));
        if (base <= 1) {
            findings.error(
                    numbers.where("rope.freq_base"),
                    "The value must be more than 1, so that yarn can tell fast pairs from slow ones, but is " + base
                            + ".");
        }
        String ending = "rope.scaling.yarn_log_multiplier";
        double multiplier = numbers.number(ending, 0);
        float grown = (float) (magnitude * growth(scale, 1) / growth(scale, multiplier));
        if (!(grown > 0) || Float.isInfinite(grown)) {
            findings.error(
                    numbers.where(ending),
                    "Turned elements would be multiplied by " + grown + ", which is no number to compute with.");
            grown = 1;
        }
        return new RotaryEmbedding(dimensions, base, scale, Optional.of(yarn), grown);
    }

    private void refuse(String type, String why) {
        findings.error(
                numbers.where(TYPE),
                "Rotary scaling of type " + Quote.of(type) + why + " Supported: none, linear, yarn"
                        + (family.turning().factors() == Factors.NONE ? "." : ", longrope."));
    }

    /** The positions that the model was trained for before its context was extended. */
    int originalContext(long context) {
        long original = numbers.integerOr(ORIGINAL_CONTEXT, context);
        if (original < 1 || original > Integer.MAX_VALUE) {
            if (numbers.has(ORIGINAL_CONTEXT)) {
                findings.error(
                        numbers.where(ORIGINAL_CONTEXT),
                        "The value must be a number of positions, but is " + original + ".");
            }
            return Math.clamp(original, 1, Integer.MAX_VALUE);
        }
        return (int) original;
    }

    /** Whether frequencies are divided by other factors in contexts longer than the original one. */
    boolean factorsByContext() {
        return switch (family.turning().factors()) {
            case NONE -> false;
            case BY_TYPE -> numbers.text(TYPE, "linear").equals("longrope");
            case BY_CONTEXT -> true;
        };
    }

    private int dimensions(int headLength) {
        String ending = "rope.dimension_count";
        int dimensions = numbers.has(ending) ? numbers.integer(ending, DecoderReader.LONGEST_HEAD) : headLength;
        if (dimensions % 2 != 0 || dimensions > headLength) {
            findings.error(
                    numbers.where(ending),
                    "The number of rotated elements must be even and at most the length of a head (" + headLength
                            + "), but is " + dimensions + ".");
        } else if (dimensions != headLength && !family.turning().partial()) {
            findings.error(
                    numbers.where(ending),
                    "Architecture " + numbers.architecture() + " rotates whole heads of " + headLength
                            + " elements, but the value is " + dimensions + ".");
        }
        return dimensions;
    }

    /** By what positions are multiplied: one over the factor by which the context was extended; 1 where it was not. */
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

    /** By what elements grow where positions are scaled, as the authors of yarn found it. */
    private static double growth(float scale, double multiplier) {
        return scale >= 1 ? 1 : 1 + 0.1 * multiplier * Math.log(1 / scale);
    }

    /** The rotation of layers with a window. */
    RotaryEmbedding ofWindowedLayers(RotaryEmbedding others, Family.Windows windows) {
        return switch (windows.turning()) {
            case SAME -> others.with(numbers.positiveUnlessAbsent(WINDOWED_BASE, others.base()));
            case OWN_BASE -> others.unscaled(numbers.positiveUnlessAbsent(WINDOWED_BASE, DEFAULT_BASE));
            case UNSCALED -> others.unscaled(others.base());
        };
    }
}
