package dev.quern.cli;

import dev.quern.cli.kept.Inventory;
import dev.quern.cli.kept.Kept;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.terminal.Visible;
import dev.quern.ir.text.Nearest;
import java.util.ArrayList;
import java.util.List;

/** Names of what is kept, as people give them. */
final class KeptNames {
    private KeptNames() {}

    /**
     * What bears these names.
     *
     * @throws StoreException if one is of nothing that is kept
     */
    static List<Kept> find(Inventory inventory, List<String> names) {
        List<Kept> found = new ArrayList<>();
        for (String name : names) {
            found.add(inventory
                    .named(name)
                    .orElseThrow(() -> new StoreException("Nothing that is kept has the name '" + Visible.line(name)
                            + "'." + Nearest.question(name, inventory.names())
                            + " 'quern ls' lists the names; files elsewhere are not Quern's to manage.")));
        }
        return found;
    }
}
