package dev.quern.ir.text.read;

import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.ir.text.Nearest;
import dev.quern.ir.verify.Problem;
import dev.quern.ir.verify.Verifier;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what {@link dev.quern.ir.text.Writer} writes, and what people write after its example. A text at the stage
 * {@code plan} is no module: its reader stands elsewhere and starts from {@link #tree}.
 */
public final class Reader {
    private Reader() {}

    /**
     * Reads a module.
     *
     * @param name how messages call the text, a file name as a rule
     * @throws ReadException at the first thing that cannot be read
     */
    public static Module read(String name, String text) {
        return readWithLines(name, text).module();
    }

    /**
     * Reads a module that keeps all rules of its stage.
     *
     * @param name how messages call the text, a file name as a rule
     * @throws ReadException if it cannot be read, or with every problem that the verifier finds, each at its place
     */
    public static Module readVerified(String name, String text) {
        return readVerifiedWithLines(name, text).module();
    }

    /** As {@link #readVerified}, remembering where the module's parts stand. */
    public static Reading readVerifiedWithLines(String name, String text) {
        Reading reading = readWithLines(name, text);
        List<Problem> problems = Verifier.problems(reading.module());
        if (!problems.isEmpty()) {
            throw new ReadException(
                    reading.tree().source(),
                    problems.stream()
                            .map(problem -> new ReadException.Complaint(reading.at(problem), problem.sentence()))
                            .toList());
        }
        return reading;
    }

    /** Reads a module and remembers where its parts stand. */
    public static Reading readWithLines(String name, String text) {
        return new ModuleReader(tree(name, text)).read();
    }

    /**
     * The stage that a text says it is at, from its first line alone.
     *
     * @throws ReadException if the text does not begin as all do, {@code module "name" at tensor}
     */
    public static Stage stage(String name, String text) {
        Source source = new Source(name, text);
        return stage(source, Parsing.stage(source));
    }

    /**
     * Takes a text of any stage apart without giving it a meaning.
     *
     * @throws ReadException if it does not keep the grammar
     */
    public static Tree tree(String name, String text) {
        return Parsing.tree(new Source(name, text));
    }

    static Stage stage(Source source, Tree.Word word) {
        List<String> names = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            if (stage.text().equals(word.text())) {
                return stage;
            }
            names.add(stage.text());
        }
        throw source.error(
                word.at(), "expected a stage, found '" + word.text() + "'" + Nearest.among(word.text(), names));
    }
}
