package dev.quern.gguf;

import java.util.Locale;
import java.util.Optional;

/**
 * What people call a model, by its file: the base name with size and finetune, as in {@code SmolLM2 135M Instruct},
 * else its name. The parts are said once, although some files repeat them, and blanks stand between words.
 */
public final class ModelTitle {
    private static final String[] PARTS = {"general.size_label", "general.finetune"};

    private ModelTitle() {}

    /** The title; empty where the file names neither. */
    public static Optional<String> of(GgufMetadata metadata) {
        Optional<String> base = text(metadata, "general.basename").map(name -> name.replace('-', ' '));
        return base.isPresent() ? Optional.of(composed(base.get(), metadata)) : text(metadata, "general.name");
    }

    private static String composed(String base, GgufMetadata metadata) {
        String title = base;
        for (String key : PARTS) {
            String part = text(metadata, key).orElse("");
            if (!part.isEmpty() && !title.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT))) {
                title = title + " " + part;
            }
        }
        return title;
    }

    /** Values that are no text, or blank, count as none: nothing depends on them. */
    private static Optional<String> text(GgufMetadata metadata, String key) {
        return metadata.find(key)
                .filter(GgufValue.StringValue.class::isInstance)
                .map(value -> ((GgufValue.StringValue) value).value().text().strip())
                .filter(text -> !text.isEmpty());
    }
}
