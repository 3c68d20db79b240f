package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quern.ir.text.read.Reader;
import dev.quern.ir.text.read.Reading;
import dev.quern.ir.verify.Problem;
import dev.quern.ir.verify.Verifier;
import java.util.ArrayList;
import java.util.List;

/** {@code verify/}: every problem stands as {@code // error: …} at the end of the line that it is about. */
final class VerifyGolden {
    private static final String MARK = " // error: ";

    private VerifyGolden() {}

    static void run(String path) {
        List<String> lines = new ArrayList<>();
        Goldens.read(path).lines().forEach(line -> {
            int mark = line.indexOf(MARK);
            lines.add(mark < 0 ? line : line.substring(0, mark));
        });
        Reading reading = Reader.readWithLines(path, String.join("\n", lines) + "\n");
        List<Problem> problems = Verifier.problems(reading.module());
        assertFalse(problems.isEmpty(), path + " has nothing that the verifier refuses; it belongs under text/");
        for (Problem problem : problems) {
            int index = reading.line(problem.place()) - 1;
            lines.set(index, lines.get(index) + MARK + problem.sentence());
        }
        Goldens.check(path, String.join("\n", lines) + "\n");
    }
}
