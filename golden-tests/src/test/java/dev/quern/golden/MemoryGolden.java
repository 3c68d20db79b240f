package dev.quern.golden;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.verify.Verifier;
import dev.quern.passes.memory.MemoryPlan;
import dev.quern.passes.memory.MemoryPlanner;
import java.util.List;

/**
 * {@code memory/}: a module at the dispatch stage, then the plan of each function as comments. {@code // align:} at the head gives the
 * alignment, {@code // external:} the values that lie elsewhere.
 */
final class MemoryGolden {
    private static final String EXPECT = "// expect:\n";

    private MemoryGolden() {}

    static void run(String path) {
        String text = Goldens.read(path);
        int split = text.indexOf(EXPECT);
        String before = split < 0 ? text : text.substring(0, split);
        Module module = Reader.read(path, before);
        Verifier.verify(path, module);
        long alignment = Long.parseLong(Goldens.setting(text, "align", "256"));
        List<String> external = List.of(Goldens.setting(text, "external", "").split(", *"));
        StringBuilder out = new StringBuilder(before).append(EXPECT);
        for (Function function : module.functions()) {
            MemoryPlan plan = MemoryPlanner.plan(function, alignment, value -> external.contains(value.toString()));
            out.append("// @")
                    .append(function.name())
                    .append(": ")
                    .append(plan.certificate().summary())
                    .append('\n');
            plan.certificate()
                    .table()
                    .lines()
                    .forEach(line -> out.append("//   ").append(line).append('\n'));
        }
        Goldens.check(path, out.toString());
    }
}
