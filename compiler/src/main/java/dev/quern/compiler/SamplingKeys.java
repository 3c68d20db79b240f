package dev.quern.compiler;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufMetadata;
import dev.quern.gguf.GgufValue.FloatValue;
import dev.quern.gguf.GgufValue.IntegerValue;
import dev.quern.plan.bundle.SamplingAdvice;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Reads what a model file advises on choosing tokens, in the keys {@code general.sampling.*}. It is advice: what makes
 * no sense is passed over with a warning, and no file is refused for it.
 */
final class SamplingKeys {
    private static final String PREFIX = "general.sampling.";

    /** As a number of last tokens: all that there are. */
    private static final int WHOLE_CONTEXT = -1;

    private final GgufMetadata metadata;
    private final Findings findings;

    private SamplingKeys(GgufMetadata metadata, Findings findings) {
        this.metadata = metadata;
        this.findings = findings;
    }

    /** The advice of a file; findings take what is passed over. */
    static SamplingAdvice read(GgufMetadata metadata, Findings findings) {
        var keys = new SamplingKeys(metadata, findings);
        return new SamplingAdvice(
                keys.number("temp", 0, Float.MAX_VALUE, "a number from 0 on"),
                keys.count("top_k", 0),
                keys.number("top_p", Float.MIN_VALUE, 1, "a number above 0, at most 1,"),
                keys.number("min_p", 0, 1, "a number from 0 to 1"),
                keys.number("penalty_repeat", Float.MIN_VALUE, Float.MAX_VALUE, "a number above 0"),
                keys.count("penalty_last_n", WHOLE_CONTEXT));
    }

    private OptionalDouble number(String ending, double least, double most, String expected) {
        OptionalDouble value = metadata.entry(PREFIX + ending).stream()
                .mapToDouble(SamplingKeys::value)
                .findFirst();
        if (value.isEmpty() || (value.getAsDouble() >= least && value.getAsDouble() <= most)) {
            return value;
        }
        warn(ending, expected);
        return OptionalDouble.empty();
    }

    private OptionalInt count(String ending, int least) {
        OptionalDouble value = metadata.entry(PREFIX + ending).stream()
                .mapToDouble(SamplingKeys::value)
                .findFirst();
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        int whole = (int) value.getAsDouble();
        if (whole == value.getAsDouble() && whole >= least) {
            return OptionalInt.of(whole == WHOLE_CONTEXT ? Integer.MAX_VALUE : whole);
        }
        warn(ending, "a whole number from " + least + " on");
        return OptionalInt.empty();
    }

    /** NaN for what is no number, which is within no range. */
    private static double value(GgufMetadata.Entry entry) {
        return switch (entry.value()) {
            case IntegerValue number -> number.toDouble();
            case FloatValue number -> number.value();
            default -> Double.NaN;
        };
    }

    private void warn(String ending, String expected) {
        String key = PREFIX + ending;
        findings.warning(
                metadata.where(key),
                "The advice on choosing tokens is passed over: it is "
                        + metadata.entry(key).orElseThrow().value().describe() + ", and " + expected + " is expected.");
    }
}
