package dev.quern.cli;

import dev.quern.cli.kept.Kept;
import dev.quern.cli.kept.KeptFields;
import dev.quern.cli.kept.KeptTable;
import dev.quern.cli.kept.Removal;
import dev.quern.cli.terminal.Sizes;
import dev.quern.plan.json.JsonText;
import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quern prune}. */
@Command(
        name = "prune",
        description = {
            "Removes what will not be used again: bundles of another build of the compiler, of model files that are"
                    + " gone or have changed, and of other formats; what downloads and compilations that broke off have"
                    + " left.",
            "Models are not removed, and neither is what a process is reading. All of it can be fetched or made again."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  quern prune --dry-run", "  quern prune"})
final class PruneCommand implements Callable<Integer> {
    private final Context context;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Remove nothing, and list what would be removed.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print one JSON object: removed, left (in use), bytes_freed.")
    private boolean json;

    PruneCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<Kept> stale = context.inventory().stale();
        Removal removal = Removal.of(context.cache(), stale);
        if (!dryRun) {
            return RemovalReport.run(context, removal, json);
        }
        PrintStream out = context.terminal().out();
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("would_remove", stale.stream().map(KeptFields::of).toList());
            fields.put("bytes_freed", removal.freed());
            out.print(JsonText.print(fields));
        } else if (stale.isEmpty()) {
            out.println("Nothing is stale.");
        } else {
            out.print(new KeptTable(Instant.now()).add(stale));
            out.println();
            out.println("'quern prune' would remove this, " + Sizes.bytes(removal.freed()) + ".");
        }
        return 0;
    }
}
