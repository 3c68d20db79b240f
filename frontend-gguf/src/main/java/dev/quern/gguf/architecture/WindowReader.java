package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufValue.NumberArray;
import dev.quern.gguf.ValueType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Reads which layers see the last positions only, and how many. */
final class WindowReader {
    private static final String WINDOW = "attention.sliding_window";
    private static final String PATTERN = "attention.sliding_window_pattern";

    private final ModelNumbers numbers;
    private final Findings findings;

    WindowReader(ModelNumbers numbers) {
        this.numbers = numbers;
        this.findings = numbers.findings();
    }

    /** Of each layer how many positions it sees, its own among them; nothing where it sees all. */
    List<Optional<Integer>> read(Family.Windows windows, int layers) {
        Optional<Integer> window = window(windows.otherwise());
        List<Optional<Integer>> all = new ArrayList<>();
        for (boolean windowed : pattern(windows.period(), layers)) {
            all.add(windowed ? window : Optional.empty());
        }
        return all;
    }

    private Optional<Integer> window(int otherwise) {
        long window = numbers.integerOr(WINDOW, otherwise);
        if (window < 0) {
            findings.error(
                    numbers.where(WINDOW), "The value must be 0 or a number of positions, but is " + window + ".");
        }
        return window <= 0 ? Optional.empty() : Optional.of((int) Math.min(window, Integer.MAX_VALUE));
    }

    /** Which layers have a window: the last of so many has none, or an array says it of each. */
    private List<Boolean> pattern(int otherwise, int layers) {
        if (numbers.find(PATTERN).orElse(null) instanceof NumberArray each) {
            if ((!each.elementType().isInteger() && each.elementType() != ValueType.BOOL) || each.length() < layers) {
                findings.error(
                        numbers.where(PATTERN),
                        "The value must be an integer, or an array that says of each of " + layers
                                + " layers whether it has a window, but is " + each.describe() + ".");
                return Collections.nCopies(layers, false);
            }
            List<Boolean> pattern = new ArrayList<>();
            for (int layer = 0; layer < layers; layer++) {
                pattern.add(each.integerAt(layer) != 0);
            }
            return pattern;
        }
        long period = numbers.integerOr(PATTERN, otherwise);
        if (period < 0) {
            findings.error(numbers.where(PATTERN), "The value must be a number of layers, but is " + period + ".");
        }
        List<Boolean> pattern = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            pattern.add(period <= 0 || layer % period < period - 1);
        }
        return pattern;
    }
}
