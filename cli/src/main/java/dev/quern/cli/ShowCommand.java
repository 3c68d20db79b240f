package dev.quern.cli;

import dev.quern.cli.kept.Kept;
import dev.quern.cli.kept.KeptFields;
import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Visible;
import dev.quern.plan.json.JsonText;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quern show}. */
@Command(
        name = "show",
        description =
                "Shows all that is known of a model or a bundle that is kept: where it lies, what it takes, what it"
                        + " was made of. 'quern inspect' shows what is in it.",
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  quern show smollm2-135m", "  quern show smollm2-135m --json"})
final class ShowCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "NAME", description = "A name that 'quern ls' lists, in capitals or not.")
    private String name = "";

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    ShowCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Kept kept = KeptNames.find(context.inventory(), List.of(name)).getFirst();
        PrintStream out = context.terminal().out();
        Map<String, Object> fields = KeptFields.of(kept);
        if (json) {
            out.print(JsonText.print(fields));
        } else {
            print(out, "", fields);
        }
        return 0;
    }

    /** A line for each fact; those of a model's bundles indented, each behind its name. */
    private static void print(PrintStream out, String indent, Map<?, ?> fields) {
        fields.forEach((key, value) -> {
            String title = String.valueOf(key).replace('_', ' ');
            if (value instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)) {
                out.println(indent + title + (list.isEmpty() ? ": none" : ":"));
                list.forEach(each -> {
                    print(out, indent + "  ", (Map<?, ?>) each);
                    out.println();
                });
            } else {
                out.println(indent + title + ": " + Visible.line(text(title, value)));
            }
        });
    }

    private static Object text(String title, Object value) {
        if (value instanceof Long number && title.startsWith("bytes")) {
            return number + " (" + Sizes.bytes(number) + ")";
        }
        return value instanceof List<?> list
                ? String.join(", ", list.stream().map(String::valueOf).toList())
                : value;
    }
}
