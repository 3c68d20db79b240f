package dev.quern.cli.inspect;

import dev.quern.cli.terminal.Counted;
import dev.quern.cli.terminal.Sizes;
import dev.quern.cli.terminal.Visible;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.ManifestJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A bundle's manifest. */
final class BundleView {
    private BundleView() {}

    /** The facts on the model, the profiles and the files. */
    static View facts(Manifest manifest) {
        Manifest.Model model = manifest.model();
        long bytes =
                manifest.files().stream().mapToLong(Manifest.FileEntry::bytes).sum();
        List<String> profiles =
                manifest.profiles().stream().map(DeviceProfile::name).toList();
        Map<String, Object> fields = new LinkedHashMap<>(ManifestJson.model(model));
        fields.put("format_version", Manifest.FORMAT_VERSION);
        fields.put("profiles", profiles);
        List<Object> files = new ArrayList<>();
        for (Manifest.FileEntry file : manifest.files()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", file.name());
            one.put("bytes", file.bytes());
            one.put("sha256", file.sha256());
            files.add(one);
        }
        fields.put("files", files);
        String text = "model    " + Visible.line(model.name()) + ", architecture " + Visible.line(model.architecture())
                + "\n"
                + "weights  " + Sizes.decimal(model.parameters() / 1e6) + " million parameters, mostly "
                + Visible.line(model.encoding()) + "\n"
                + "shape    " + Counted.of(model.layers(), "layer") + " of width " + model.embeddingLength() + ", "
                + Counted.of(model.heads(), "head")
                + " over " + model.keyValueHeads() + ", vocabulary " + model.vocabularySize() + "\n"
                + "context  " + Counted.of(model.contextLength(), "position") + " (trained for "
                + model.trainedContextLength()
                + "), keys and values as " + model.cacheEncoding().text() + "\n"
                + "bundle   format " + Manifest.FORMAT_VERSION + ", " + Counted.of(files.size(), "file") + ", "
                + Sizes.bytes(bytes)
                + "\n"
                + "profiles " + Visible.line(String.join(", ", profiles)) + "\n";
        return new View("model", text, fields);
    }
}
