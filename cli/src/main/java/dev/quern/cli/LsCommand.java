package dev.quern.cli;

import dev.quern.cli.kept.Inventory;
import dev.quern.cli.kept.Kept;
import dev.quern.cli.kept.KeptFields;
import dev.quern.cli.kept.KeptTable;
import dev.quern.cli.kept.Removal;
import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Visible;
import dev.quern.plan.json.JsonText;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quern ls}. */
@Command(
        name = "ls",
        description = {
            "Lists the models that are kept, and under each the bundles that were made of it; then other bundles.",
            "SIZE is of all of a thing's files. Bundles of one model share files of weights; the sum counts these once."
        },
        synopsisHeading = "%nUsage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  quern ls", "  quern ls --json"})
final class LsCommand implements Callable<Integer> {
    private final Context context;

    @Option(names = "--json", description = "Print one JSON object: models, bundles, leftovers, bytes.")
    private boolean json;

    LsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Inventory inventory = context.inventory();
        PrintStream out = context.terminal().out();
        if (json) {
            out.print(JsonText.print(KeptFields.of(inventory)));
            return 0;
        }
        if (inventory.models().isEmpty() && inventory.others().isEmpty()) {
            out.println("There are no models and no bundles in "
                    + Visible.line(context.cache().root()) + ". 'quern pull' lists what can be fetched by name.");
        } else {
            out.print(new KeptTable(Instant.now()).add(inventory.models()).add(inventory.others()));
        }
        out.println();
        out.println("In all " + Sizes.bytes(inventory.bytes()) + " in "
                + Visible.line(context.cache().root()) + ".");
        List<Kept> stale = inventory.stale();
        if (!stale.isEmpty()) {
            out.println("Stale: " + stale.size() + ", "
                    + Sizes.bytes(Removal.of(context.cache(), stale).freed())
                    + "; 'quern prune' removes that, 'quern prune --dry-run' lists it.");
        }
        return 0;
    }
}
