package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quern.ir.Stage;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.text.read.Reading;
import dev.quern.ir.verify.Problem;
import dev.quern.ir.verify.Verifier;
import dev.quern.plan.text.PlanReader;
import dev.quern.plan.text.TextPlan;
import dev.quern.plan.verify.PlanProblem;
import dev.quern.plan.verify.PlanVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code verify/}: every problem stands as {@code // error: …} at the end of the line that it is about. */
final class VerifyGolden {
    private static final String MARK = " // error: ";

    private VerifyGolden() {}

    static void run(String path) {
        List<String> lines = lines(path);
        List<Said> problems = problems(path);
        assertFalse(problems.isEmpty(), path + " has nothing that the verifier refuses; it belongs under text/");
        for (Said problem : problems) {
            int index = problem.line() - 1;
            lines.set(index, lines.get(index) + MARK + problem.sentence());
        }
        Goldens.check(path, String.join("\n", lines) + "\n");
    }

    /** A problem at its line, and the rules that are broken. */
    record Said(int line, String sentence, List<Enum<?>> rules) {}

    /** What is wrong with a golden, without what it says of itself. */
    static List<Said> problems(String path) {
        String text = String.join("\n", lines(path)) + "\n";
        return Reader.stage(path, text) == Stage.PLAN ? ofPlan(path, text) : ofModule(path, text);
    }

    private static List<Said> ofPlan(String path, String text) {
        TextPlan read = PlanReader.read(path, text, file -> Optional.empty());
        List<Said> problems = new ArrayList<>();
        for (PlanProblem problem : PlanVerifier.check(read.plan())) {
            problems.add(new Said(read.at(problem.place()).line(), problem.sentence(), List.of(problem.rule())));
        }
        return problems;
    }

    private static List<Said> ofModule(String path, String text) {
        Reading reading = Reader.readWithLines(path, text);
        List<Said> problems = new ArrayList<>();
        for (Problem problem : Verifier.problems(reading.module())) {
            List<Enum<?>> rules = new ArrayList<>(List.of(problem.rule()));
            problem.typeRule().ifPresent(rules::add);
            problems.add(new Said(reading.at(problem).line(), problem.sentence(), rules));
        }
        return problems;
    }

    private static List<String> lines(String path) {
        List<String> lines = new ArrayList<>();
        Goldens.read(path).lines().forEach(line -> {
            int mark = line.indexOf(MARK);
            lines.add(mark < 0 ? line : line.substring(0, mark));
        });
        return lines;
    }
}
