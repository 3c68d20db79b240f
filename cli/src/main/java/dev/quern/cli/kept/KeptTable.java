package dev.quern.cli.kept;

import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the cache keeps, as lines for people. */
public final class KeptTable {
    private static final String INDENT = "  ";

    private final Instant now;
    private final Table table = new Table("NAME", "SIZE", "CONTEXT", "PROFILE", "CACHE", "USED", "STATE");

    /** An empty table; ages are told as of now. */
    public KeptTable(Instant now) {
        this.now = now;
    }

    /** Adds things, the bundles of a model under it. */
    public KeptTable add(List<? extends Kept> all) {
        for (Kept kept : all) {
            row("", kept);
            if (kept instanceof Kept.Model model) {
                model.bundles().forEach(bundle -> row(INDENT, bundle));
            }
        }
        return this;
    }

    private void row(String indent, Kept kept) {
        String context = "";
        String profiles = "";
        String cache = "";
        if (kept instanceof Kept.Bundle bundle && bundle.manifest().isPresent()) {
            var manifest = bundle.manifest().get();
            context = Integer.toString(manifest.model().contextLength());
            profiles = String.join(" ", KeptFields.profiles(manifest));
            cache = manifest.model().cacheEncoding().text();
        }
        table.row(
                indent + kept.name(),
                Sizes.bytes(kept.bytes()),
                context,
                profiles,
                cache,
                age(kept.used()),
                kept.stale().map(reason -> "stale: " + reason).orElse(""));
    }

    /** How long ago something was. */
    private String age(Instant then) {
        Duration age = Duration.between(then, now);
        if (age.toMinutes() < 1) {
            return "just now";
        }
        if (age.toHours() < 1) {
            return age.toMinutes() + " min ago";
        }
        if (age.toDays() < 2) {
            return age.toHours() + " h ago";
        }
        return age.toDays() + " days ago";
    }

    @Override
    public String toString() {
        return table.toString();
    }
}
