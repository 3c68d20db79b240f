package dev.quern.compiler;

import dev.quern.gguf.GgufMetadata;
import dev.quern.gguf.ModelTitle;
import java.util.Optional;

/**
 * What a model is called by others than its file.
 *
 * @param catalogue its name in a catalogue, which goes before all others
 * @param file the name of its file, where it has no other
 */
public record ModelNames(Optional<String> catalogue, Optional<String> file) {
    /** Nobody calls it anything. */
    public static final ModelNames NONE = new ModelNames(Optional.empty(), Optional.empty());

    private static final String SUFFIX = ".gguf";

    /** The names of a file outside all catalogues; the ending of model files is left out. */
    public static ModelNames ofFile(String name) {
        String stem = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        return new ModelNames(Optional.empty(), Optional.of(stem).filter(text -> !text.isEmpty()));
    }

    /** What people call the model. */
    public String title(GgufMetadata metadata) {
        return catalogue
                .or(() -> ModelTitle.of(metadata))
                .or(() -> file)
                .or(() -> metadata.findString("general.architecture"))
                .orElse("");
    }
}
