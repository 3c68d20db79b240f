package dev.quern.cli.kept;

import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.Manifest;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the cache keeps, as JSON. */
public final class KeptFields {
    private KeptFields() {}

    /** One thing: its name, kind, path, bytes, when it was used, why it is stale, and its facts. */
    public static Map<String, Object> of(Kept kept) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", kept.name());
        switch (kept) {
            case Kept.Model model -> {
                fields.put("kind", "model");
                common(fields, kept, model.file());
                model.origin().ifPresent(origin -> fields.put("origin", origin));
                fields.put(
                        "bundles", model.bundles().stream().map(KeptFields::of).toList());
            }
            case Kept.Bundle bundle -> {
                fields.put("kind", "bundle");
                common(fields, kept, bundle.folder());
                bundle.model().ifPresent(model -> fields.put("model", model.toString()));
                bundle.manifest().ifPresent(manifest -> facts(fields, manifest));
            }
            case Kept.Leftover leftover -> {
                fields.put("kind", "leftover");
                common(fields, kept, leftover.path());
            }
        }
        return fields;
    }

    private static void common(Map<String, Object> fields, Kept kept, Path path) {
        fields.put("path", path.toString());
        fields.put("bytes", kept.bytes());
        fields.put("bytes_freed", Removal.freed(kept));
        fields.put("used", kept.used().toString());
        kept.stale().ifPresent(reason -> fields.put("stale", reason));
    }

    private static void facts(Map<String, Object> fields, Manifest manifest) {
        Manifest.Model model = manifest.model();
        fields.put("title", model.name());
        fields.put("architecture", model.architecture());
        fields.put("encoding", model.encoding());
        fields.put("parameters", model.parameters());
        fields.put("context", model.contextLength());
        fields.put("cache", model.cacheEncoding().text());
        fields.put("profiles", profiles(manifest));
    }

    /** The names of a bundle's profiles. */
    public static List<String> profiles(Manifest manifest) {
        return manifest.profiles().stream().map(DeviceProfile::name).toList();
    }

    /** All that there is, and the sum. */
    public static Map<String, Object> of(Inventory inventory) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("models", inventory.models().stream().map(KeptFields::of).toList());
        fields.put("bundles", inventory.others().stream().map(KeptFields::of).toList());
        fields.put(
                "leftovers", inventory.leftovers().stream().map(KeptFields::of).toList());
        fields.put("bytes", inventory.bytes());
        return fields;
    }
}
