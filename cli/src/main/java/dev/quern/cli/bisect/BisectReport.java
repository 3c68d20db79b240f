package dev.quern.cli.bisect;

import dev.quern.cli.bisect.Observation.Gap;
import dev.quern.cli.ir.Shell;
import dev.quern.cli.terminal.Visible;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Statement;
import dev.quern.ir.text.Writer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a bisection found, for people and for programs.
 *
 * @param workload what was computed, in words
 * @param passes what became of the search among passes
 * @param passLimit what counted as agreement there
 * @param kernels what became of the search among kernels
 * @param kernelLimit what counted as agreement there
 * @param saved where the module before the pass was written, if a pass was found
 */
public record BisectReport(
        String workload,
        PassVerdict passes,
        double passLimit,
        KernelVerdict kernels,
        double kernelLimit,
        Optional<Path> saved) {

    /** Whether something breaks agreement. */
    public boolean isFinding() {
        return !(passes instanceof PassVerdict.Agrees) || kernels instanceof KernelVerdict.Wrong;
    }

    /** For people; every line ends in a line feed. */
    public String text() {
        StringBuilder text = new StringBuilder("workload  ").append(workload).append('\n');
        switch (passes) {
            case PassVerdict.Agrees agrees -> {
                line(
                        text,
                        "passes",
                        "All " + agrees.passes() + " agree with the reference: " + worst(agrees.worst()) + ", limit "
                                + passLimit + ".");
                line(text, "", evaluations(agrees.evaluated()));
            }
            case PassVerdict.Breaks breaks -> breaks(text, breaks);
            case PassVerdict.Fails fails -> {
                line(
                        text,
                        "passes",
                        "The pass " + fails.pass() + " (" + (fails.index() + 1) + " of " + fails.passes() + ") fails: "
                                + fails.problem());
                line(text, "", "What it was given agrees with the reference. " + evaluations(fails.evaluated()));
                repeat(text, fails.pass());
            }
        }
        switch (kernels) {
            case KernelVerdict.Agrees agrees -> {
                line(
                        text,
                        "kernels",
                        "All " + agrees.dispatches() + " dispatches agree with the interpreter: "
                                + worst(agrees.worst()) + ", limit " + kernelLimit + ".");
                if (agrees.again() > 0) {
                    line(
                            text,
                            "",
                            agrees.again()
                                    + " were held to what the device itself had read, since rounding had added up.");
                }
            }
            case KernelVerdict.Wrong wrong -> wrong(text, wrong);
            case KernelVerdict.Skipped skipped -> line(text, "kernels", "Not compared. " + skipped.reason());
        }
        return text.toString();
    }

    private void breaks(StringBuilder text, PassVerdict.Breaks breaks) {
        line(
                text,
                "passes",
                "The pass " + breaks.pass() + " (" + (breaks.index() + 1) + " of " + breaks.passes()
                        + ") breaks agreement with the reference.");
        line(
                text,
                "",
                "without it: "
                        + breaks.before().map(gap -> worst(Optional.of(gap))).orElse("the reference itself"));
        line(text, "", "with it:    " + worst(Optional.of(breaks.after())) + ", limit " + passLimit);
        if (breaks.first().isPresent()) {
            Gap gap = breaks.first().get();
            line(text, "", "first difference: " + difference(gap));
            line(text, "", "  before  " + statement(breaks.moduleBefore(), gap));
            line(text, "", "  after   " + statement(breaks.moduleAfter(), gap));
        } else {
            line(text, "", "No value that the pass left in place differs; what differs is new.");
        }
        line(text, "", evaluations(breaks.evaluated()));
        repeat(text, breaks.pass());
    }

    private void repeat(StringBuilder text, String pass) {
        saved.ifPresent(file -> line(text, "", "Repeat that pass alone: " + command(file, pass)));
    }

    private static String command(Path file, String pass) {
        return "quern opt " + Shell.quoted(file.toString()) + " --passes " + pass;
    }

    private void wrong(StringBuilder text, KernelVerdict.Wrong wrong) {
        line(text, "kernels", "The kernel " + wrong.kernel().name() + " computes " + difference(wrong.gap()) + ".");
        line(text, "", "  computed   " + Writer.statement(wrong.op()));
        line(text, "", "  by         " + Writer.statement(wrong.dispatch()));
        line(text, "", "  linked of  " + String.join(", ", files(wrong)));
        line(
                text,
                "",
                before(wrong.dispatches() - 1) + ", limit " + kernelLimit
                        + "; this one does not follow from what it read.");
    }

    private static String before(int dispatches) {
        return switch (dispatches) {
            case 0 -> "No dispatch comes before it";
            case 1 -> "The one dispatch before it agrees";
            default -> "All " + dispatches + " dispatches before it agree";
        };
    }

    private static List<String> files(KernelVerdict.Wrong wrong) {
        return wrong.kernel().files().stream().map(file -> file + ".wgsl").toList();
    }

    /** The object for {@code --json}. */
    public Map<String, Object> json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("workload", workload);
        fields.put("agrees", !isFinding());
        fields.put("passes", passesJson());
        fields.put("kernels", kernelsJson());
        return fields;
    }

    private Map<String, Object> passesJson() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("count", passes.passes());
        fields.put("limit", passLimit);
        fields.put("evaluated_after", passes.evaluated());
        switch (passes) {
            case PassVerdict.Agrees agrees -> {
                fields.put("verdict", "agrees");
                agrees.worst().ifPresent(gap -> fields.put("worst", json(gap)));
            }
            case PassVerdict.Breaks breaks -> {
                fields.put("verdict", "breaks");
                fields.put("pass", breaks.pass());
                fields.put("index", breaks.index());
                breaks.before().ifPresent(gap -> fields.put("worst_before", json(gap)));
                fields.put("worst_after", json(breaks.after()));
                breaks.first().ifPresent(gap -> {
                    Map<String, Object> first = json(gap);
                    first.put("before", statement(breaks.moduleBefore(), gap));
                    first.put("after", statement(breaks.moduleAfter(), gap));
                    fields.put("first_difference", first);
                });
                repeatJson(fields, breaks.pass());
            }
            case PassVerdict.Fails fails -> {
                fields.put("verdict", "fails");
                fields.put("pass", fails.pass());
                fields.put("index", fails.index());
                fields.put("problem", fails.problem());
                repeatJson(fields, fails.pass());
            }
        }
        return fields;
    }

    private void repeatJson(Map<String, Object> fields, String pass) {
        saved.ifPresent(file -> {
            fields.put("module", file.toString());
            fields.put("repeat", command(file, pass));
        });
    }

    private Map<String, Object> kernelsJson() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("limit", kernelLimit);
        switch (kernels) {
            case KernelVerdict.Agrees agrees -> {
                fields.put("verdict", "agrees");
                fields.put("dispatches", agrees.dispatches());
                fields.put("computed_again", agrees.again());
                agrees.worst().ifPresent(gap -> fields.put("worst", json(gap)));
            }
            case KernelVerdict.Wrong wrong -> {
                fields.put("verdict", "wrong");
                fields.put("dispatches", wrong.dispatches());
                fields.put("kernel", wrong.kernel().name());
                fields.put("files", files(wrong));
                fields.put("step", wrong.index());
                fields.put("op", Writer.statement(wrong.op()));
                fields.put("dispatch", Writer.statement(wrong.dispatch()));
                fields.put("first_difference", json(wrong.gap()));
            }
            case KernelVerdict.Skipped skipped -> {
                fields.put("verdict", "skipped");
                fields.put("reason", skipped.reason());
            }
        }
        return fields;
    }

    private static Map<String, Object> json(Gap gap) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("call", gap.call().label());
        fields.put("value", "%" + gap.value());
        fields.put("nmse", number(gap.nmse()));
        if (gap.element() >= 0) {
            fields.put("element", gap.element());
            fields.put("expected", number(gap.expected()));
            fields.put("found", number(gap.found()));
        }
        return fields;
    }

    /** JSON has no infinity. */
    private static Object number(double value) {
        return Double.isFinite(value) ? (Object) value : Double.toString(value);
    }

    private static String worst(Optional<Gap> gap) {
        return gap.map(found -> found.nmse() == 0
                        ? "every bit"
                        : "NMSE " + found.nmse() + " at the most, at %" + found.value() + " of "
                                + found.call().label())
                .orElse("nothing is given back");
    }

    private static String difference(Gap gap) {
        return "%" + gap.value() + " of " + gap.call().label() + ", NMSE " + gap.nmse()
                + (gap.element() < 0
                        ? ""
                        : "; element " + gap.element() + " is " + gap.found() + ", expected " + gap.expected());
    }

    private static String evaluations(List<Integer> evaluated) {
        return (evaluated.size() == 1 ? "1 module was" : evaluated.size() + " modules were")
                + " computed, after this many passes: "
                + String.join(", ", evaluated.stream().map(String::valueOf).toList()) + ".";
    }

    /** The statement that defines a value, or that the value is a parameter. */
    private static String statement(Module module, Gap gap) {
        Function function = module.function(gap.call().function()).orElseThrow();
        for (Statement statement : function.body()) {
            if (statement.results().stream().anyMatch(result -> result.name().equals(gap.value()))) {
                return Writer.statement(statement);
            }
        }
        return "%" + gap.value() + " is a parameter";
    }

    private static void line(StringBuilder text, String head, String content) {
        text.append(head)
                .append(" ".repeat(Math.max(0, 10 - head.length())))
                .append(Visible.line(content))
                .append('\n');
    }
}
