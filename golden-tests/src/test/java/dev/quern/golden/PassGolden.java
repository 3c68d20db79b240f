package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.fail;

import dev.quern.ir.Module;
import dev.quern.ir.text.Writer;
import dev.quern.ir.text.read.Reader;
import dev.quern.passes.PassObserver;
import dev.quern.passes.PassReport;
import dev.quern.passes.Pipelines;
import java.util.List;

/**
 * {@code passes/}: the module before, then after {@code // expect:} the module behind the passes named in
 * {@code // run:}, then the remarks of the passes. Both modules are also run by the interpreter, on the same inputs, so
 * that no wrong program can be blessed.
 */
final class PassGolden {
    private static final String EXPECT = "// expect:\n";

    private PassGolden() {}

    static void run(String path) {
        String text = Goldens.read(path);
        int split = text.indexOf(EXPECT);
        String before = split < 0 ? text : text.substring(0, split);
        String names = Goldens.setting(text, "run", "");
        if (names.isEmpty()) {
            fail(path + " does not say what to run; write at its head: // run: fuse-norm");
        }
        Module module = Reader.read(path, before);
        PassReport report = new PassReport();
        Module after = (names.equals("standard")
                        ? Pipelines.standard()
                        : Pipelines.standard().only(List.of(names.split(", *"))))
                .run(module, report, PassObserver.NONE);
        Equivalence.check(module, after, 1);
        StringBuilder out = new StringBuilder(before).append(EXPECT).append(Writer.write(after));
        report.notes()
                .forEach(note -> out.append(note.done() ? "// done: " : "// left: ")
                        .append(note)
                        .append('\n'));
        Goldens.check(path, out.toString());
    }
}
