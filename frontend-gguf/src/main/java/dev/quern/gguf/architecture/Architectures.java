package dev.quern.gguf.architecture;

import dev.quern.gguf.GgufException;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.Quote;
import java.util.List;

/** The architectures that can be built. */
public final class Architectures {
    private static final String KEY = "general.architecture";
    private static final List<Architecture> ALL =
            Families.ALL.stream().<Architecture>map(DecoderArchitecture::new).toList();

    private Architectures() {}

    /** The names of all architectures, as {@code general.architecture} has them. */
    public static List<String> names() {
        return ALL.stream().map(Architecture::name).toList();
    }

    /**
     * The architecture of a file.
     *
     * @throws GgufException if the file names none, or one that is not supported
     */
    public static Architecture of(GgufFile file) {
        String name = file.metadata().requireString(KEY);
        return ALL.stream()
                .filter(architecture -> architecture.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new GgufException(
                        file.metadata().where(KEY),
                        "The architecture " + Quote.of(name) + " is not supported. Supported: "
                                + String.join(", ", names()) + "."));
    }
}
