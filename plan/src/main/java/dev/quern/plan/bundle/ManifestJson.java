package dev.quern.plan.bundle;

import dev.quern.plan.BundleException;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.Plan;
import dev.quern.plan.json.JsonText;
import dev.quern.plan.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The manifest as JSON. */
public final class ManifestJson {
    private ManifestJson() {}

    /** The text of {@code manifest.json}. */
    public static String write(Manifest manifest) {
        var json = new LinkedHashMap<String, Object>();
        json.put("format_version", Manifest.FORMAT_VERSION);
        json.put("model", model(manifest.model()));
        json.put("symbols", manifest.symbols().stream().map(PlanJson::write).toList());
        json.put("entry_points", manifest.entryPoints());
        json.put(
                "profiles", manifest.profiles().stream().map(ProfileJson::write).toList());
        json.put("files", manifest.files().stream().map(ManifestJson::write).toList());
        return JsonText.print(json);
    }

    /** Reads {@code manifest.json}. */
    public static Manifest read(String text) {
        var json = JsonValue.parse(Manifest.FILE, text);
        checkVersion(json);
        return new Manifest(
                readModel(json.field("model")),
                json.field("symbols").list(ManifestJson::readSymbol),
                json.field("entry_points").list(JsonValue::text),
                json.field("profiles").list(ProfileJson::read),
                json.field("files").list(ManifestJson::readFile));
    }

    /** Refuses every version but one. */
    static void checkVersion(JsonValue json) {
        long version = json.field("format_version").size();
        if (version != Manifest.FORMAT_VERSION) {
            throw new BundleException(json.path() + ": the bundle has format version " + version
                    + ", but this program reads format version " + Manifest.FORMAT_VERSION + "; "
                    + (version > Manifest.FORMAT_VERSION
                            ? "use a newer program, or compile the model again with this one"
                            : "compile the model again"));
        }
    }

    private static Plan.Symbol readSymbol(JsonValue json) {
        return PlanJson.readSymbol(json);
    }

    /** What a manifest says of its model, for the printer of JSON. */
    public static Map<String, Object> model(Manifest.Model model) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", model.name());
        json.put("architecture", model.architecture());
        json.put("encoding", model.encoding());
        json.put("parameters", model.parameters());
        json.put("layers", model.layers());
        json.put("embedding_length", model.embeddingLength());
        json.put("heads", model.heads());
        json.put("key_value_heads", model.keyValueHeads());
        json.put("vocabulary_size", model.vocabularySize());
        json.put("context_length", model.contextLength());
        json.put("trained_context_length", model.trainedContextLength());
        json.put("cache_encoding", model.cacheEncoding().text());
        if (!model.sampling().isEmpty()) {
            json.put("sampling", SamplingJson.write(model.sampling()));
        }
        return json;
    }

    private static Manifest.Model readModel(JsonValue json) {
        return new Manifest.Model(
                json.field("name").text(),
                json.field("architecture").text(),
                json.field("encoding").text(),
                json.field("parameters").size(),
                json.field("layers").count(),
                json.field("embedding_length").count(),
                json.field("heads").count(),
                json.field("key_value_heads").count(),
                json.field("vocabulary_size").count(),
                json.field("context_length").count(),
                json.field("trained_context_length").count(),
                json.field("cache_encoding").oneOf(List.of(CacheEncoding.values()), CacheEncoding::text),
                json.has("sampling") ? SamplingJson.read(json.field("sampling")) : SamplingAdvice.NONE);
    }

    private static Map<String, Object> write(Manifest.FileEntry file) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", file.name());
        json.put("bytes", file.bytes());
        json.put("sha256", file.sha256());
        return json;
    }

    private static Manifest.FileEntry readFile(JsonValue json) {
        var name = json.field("name");
        checkName(name);
        var hash = json.field("sha256");
        if (!isHash(hash.text())) {
            throw hash.expected("64 lower-case hexadecimal digits");
        }
        return new Manifest.FileEntry(name.text(), json.field("bytes").size(), hash.text());
    }

    /** A file's name must not lead out of the bundle. */
    static void checkName(JsonValue name) {
        if (!isPlainPath(name.text())) {
            throw name.expected("a relative file name of letters, digits, '.', '_' and '-'");
        }
    }

    /**
     * Whether each part between slashes begins with none of the dots that lead elsewhere. Not by splitting: that brings
     * regular expressions.
     */
    private static boolean isPlainPath(String path) {
        boolean begins = true;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "._-".indexOf(c) >= 0
                    || c == '/';
            if (!plain || (begins && (c == '.' || c == '/'))) {
                return false;
            }
            begins = c == '/';
        }
        return !begins;
    }

    private static boolean isHash(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789abcdef".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return text.length() == 64;
    }
}
