package dev.quern.gguf.architecture;

import dev.quern.gguf.Findings;
import dev.quern.gguf.GgufMetadata;
import dev.quern.gguf.architecture.KnownKey.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every key that readers of dense decoders look at, and its kin from other architectures, each settled for each
 * family: heeded, refused where its value would change what is computed, warned of, or harmless. A key of the
 * architecture that is not here is warned of, so that none is passed over in silence.
 */
public final class KnownKeys {
    /** All keys of {@code llama}, in the order of the documentation. */
    public static final List<KnownKey> ALL = of("llama");

    private KnownKeys() {}

    /**
     * All keys of an architecture: of each the same ones, but a family settles some of them in its own way.
     *
     * @param architecture one of {@link Architectures#names}
     */
    public static List<KnownKey> of(String architecture) {
        Family family = Families.named(architecture)
                .orElseThrow(() -> new IllegalArgumentException("no architecture is called " + architecture));
        var keys = new KeyTable();
        ModelKeys.addTo(keys, family);
        FileKeys.addTo(keys);
        return keys.rows();
    }

    /** Looks at all keys that are refused, warned of, or not known. */
    static void check(GgufMetadata metadata, String architecture, Findings findings) {
        Map<String, KnownKey> byName = new HashMap<>();
        of(architecture).forEach(known -> byName.put(known.key(architecture), known));
        for (GgufMetadata.Entry entry : metadata.entries()) {
            KnownKey known = byName.get(entry.key());
            if (known != null) {
                check(known, entry, findings);
            } else if (entry.key().startsWith(Scope.MODEL.prefix(architecture))) {
                findings.warning(
                        entry.where(),
                        "The key is not known; whatever it says of the computation ("
                                + entry.value().describe() + ") is not heeded.");
            }
        }
    }

    private static void check(KnownKey known, GgufMetadata.Entry entry, Findings findings) {
        switch (known.treatment()) {
            case HEEDED, HARMLESS -> {}
            case REFUSED -> {
                if (!known.isNeutral(entry.value())) {
                    findings.error(
                            entry.where(),
                            "The value is " + entry.value().describe() + ": " + known.reason()
                                    + ". That is not supported yet; supported is "
                                    + String.join(" or ", known.neutral()) + ", or no such key.");
                }
            }
            case WARNED -> {
                if (!known.isNeutral(entry.value())) {
                    findings.warning(
                            entry.where(), "The value is " + entry.value().describe() + ": " + known.reason() + ".");
                }
            }
        }
    }
}
