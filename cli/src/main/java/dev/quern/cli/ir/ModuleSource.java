package dev.quern.cli.ir;

import dev.quern.cli.terminal.Visible;
import dev.quern.codegen.lowering.SelectionException;
import dev.quern.ir.Module;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.text.read.Reading;
import dev.quern.ir.verify.Place;
import java.util.List;

/**
 * A module of the stage {@code tensor} or {@code dispatch} as text, read and verified, which knows the lines that its
 * parts stand on.
 */
public final class ModuleSource {
    /** What stands between a sentence and the statement that is expected. */
    private static final String EXPECTED = "\n    ";

    private final String name;
    private final List<String> lines;
    private final Reading reading;

    private ModuleSource(String name, List<String> lines, Reading reading) {
        this.name = name;
        this.lines = lines;
        this.reading = reading;
    }

    /**
     * Reads a text.
     *
     * @throws dev.quern.ir.text.read.ReadException if it is no module, or none that the verifier accepts
     */
    public static ModuleSource of(SourceText text) {
        return new ModuleSource(
                text.name(), text.text().lines().toList(), Reader.readVerifiedWithLines(text.name(), text.text()));
    }

    /** How messages call the text. */
    public String name() {
        return name;
    }

    /** The module. */
    public Module module() {
        return reading.module();
    }

    /** What to throw for a refusal of a place in the module: the same, said at its line. */
    public RuntimeException explained(SelectionException refusal) {
        return refusal.place()
                .map(place ->
                        (RuntimeException) new IrException(at(place, String.valueOf(refusal.getMessage())), refusal))
                .orElse(refusal);
    }

    /**
     * What is said of a place in the module, said at its line:
     *
     * <pre>
     * tiny.qir:4:3: the sentence
     *   %y = map (%a + %b) : f32[1, 8]
     *   ^
     * </pre>
     *
     * <p>Where a sentence ends in what is expected there, on a line of its own, both follow, one under the other:
     *
     * <pre>
     * tiny.qir:4:3: this dispatch is expected to be
     *   %y = map (%a + %b) by pointwise {lanes = 64} … : f32[1, 8]
     * and is
     *   %y = map (%a + %b) by pointwise {lanes = 32} … : f32[1, 8]
     * </pre>
     */
    public String at(Place place, String sentence) {
        int number = reading.line(place);
        String line = lines.get(number - 1);
        int split = sentence.indexOf(EXPECTED);
        if (split >= 0) {
            String start = name + ":" + number + ":"
                    + (line.length() - line.stripLeading().length() + 1) + ": ";
            return start + Visible.line(sentence.substring(0, split)) + "\n  "
                    + Visible.line(sentence.substring(split + EXPECTED.length())) + "\nand is\n  "
                    + Visible.line(line.strip());
        }
        int column = line.length() - line.stripLeading().length();
        String caret = line.substring(0, column) + "^";
        return name + ":" + number + ":" + (column + 1) + ": " + Visible.line(sentence) + "\n  " + line + "\n  "
                + caret;
    }
}
