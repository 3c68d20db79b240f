package dev.quern.cli;

import dev.quern.cli.kept.Kept;
import dev.quern.cli.kept.Removal;
import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Visible;
import dev.quern.plan.json.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Removes, and tells what came of it. */
final class RemovalReport {
    private RemovalReport() {}

    /** The exit code: 1 if something was left because a process uses it. */
    static int run(Context context, Removal removal, boolean json) {
        long before = context.bytesKept();
        List<Kept> left = removal.run();
        long freed = before - context.bytesKept();
        List<Kept> removed =
                removal.kept().stream().filter(kept -> !left.contains(kept)).toList();
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("removed", removed.stream().map(Kept::name).toList());
            fields.put("left", left.stream().map(Kept::name).toList());
            fields.put("bytes_freed", freed);
            context.terminal().out().print(JsonText.print(fields));
        } else {
            for (Kept kept : removed) {
                context.terminal().out().println("removed " + Visible.line(kept.name()));
            }
            context.terminal()
                    .out()
                    .println(
                            removed.isEmpty()
                                    ? "There was nothing to remove."
                                    : Sizes.bytes(freed) + " are free again.");
        }
        for (Kept kept : left) {
            context.terminal().err().println(Visible.line(kept.name()) + " is in use, and was left.");
        }
        return left.isEmpty() ? 0 : 1;
    }
}
