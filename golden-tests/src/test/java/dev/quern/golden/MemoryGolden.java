package dev.quern.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.quern.codegen.ArenaLayout;
import dev.quern.codegen.SelectKernels;
import dev.quern.compiler.ArenaPlanner;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.text.read.Reader;
import dev.quern.ir.verify.Verifier;
import dev.quern.passes.memory.MemoryPlan;
import dev.quern.passes.memory.MemoryPlanner;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.MemoryCertificate;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * {@code memory/}: a module at the dispatch stage, then the plan of each function as comments. {@code // align:} at the
 * head gives the alignment, {@code // external:} the values that lie elsewhere. A module at the tensor stage is lowered
 * for the {@code // profile:} at its head and planned as a whole: its functions share their memory.
 */
final class MemoryGolden {
    private static final String EXPECT = "// expect:\n";

    /** At the dispatch stage what is computed does not matter here, so nothing need come of it. */
    private static final Set<Verifier.Rule> MATHEMATICS =
            Set.of(Verifier.Rule.OPERANDS, Verifier.Rule.RESULT_TYPE, Verifier.Rule.RESULT_COUNT);

    private MemoryGolden() {}

    static void run(String path) {
        String text = Goldens.read(path);
        int split = text.indexOf(EXPECT);
        String before = split < 0 ? text : text.substring(0, split);
        Module module = Reader.read(path, before);
        assertEquals(
                List.of(),
                Verifier.problems(module).stream()
                        .filter(problem -> !MATHEMATICS.contains(problem.rule()))
                        .toList(),
                path);
        StringBuilder out = new StringBuilder(before).append(EXPECT);
        switch (module.stage()) {
            case TENSOR -> arenas(module, Goldens.setting(text, "profile", ""), out);
            case DISPATCH -> functions(module, text, out);
            case PLAN -> fail(path + " is planned already");
        }
        Goldens.check(path, out.toString());
    }

    private static void functions(Module module, String text, StringBuilder out) {
        long alignment = Long.parseLong(Goldens.setting(text, "align", "256"));
        List<String> external = List.of(Goldens.setting(text, "external", "").split(", *"));
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
    }

    /** Lowers the module, and prints where each arena begins and what lies where in it, function by function. */
    private static void arenas(Module module, String profileName, StringBuilder out) {
        DeviceProfile profile = DeviceProfile.ALL.stream()
                .filter(each -> each.name().equals(profileName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "a module at the tensor stage is lowered first; write at its head: // profile: portable"));
        ArenaLayout layout = ArenaPlanner.plan(SelectKernels.select(module, profile));
        MemoryCertificate certificate = layout.certificate();
        out.append("// arenas ")
                .append(certificate.arenaBytes())
                .append(" bytes, largest live set ")
                .append(certificate.lowerBoundBytes())
                .append(" bytes, beginning at ")
                .append(layout.arenas())
                .append('\n');
        certificate.regions().stream()
                .sorted(Comparator.comparingLong(MemoryCertificate.Region::offset))
                .forEach(region -> out.append("//   ")
                        .append(region.offset())
                        .append(": ")
                        .append(region.bytes())
                        .append(" bytes, @")
                        .append(region.entryPoint())
                        .append(' ')
                        .append(region.value())
                        .append(", steps ")
                        .append(region.firstStep())
                        .append(" to ")
                        .append(region.lastStep())
                        .append('\n'));
    }
}
