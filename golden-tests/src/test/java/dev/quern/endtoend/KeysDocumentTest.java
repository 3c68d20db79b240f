package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quern.gguf.architecture.Architectures;
import dev.quern.gguf.architecture.KnownKey;
import dev.quern.gguf.architecture.KnownKey.Scope;
import dev.quern.gguf.architecture.KnownKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The page of keys says what the reader's table says; with {@code -Dquern.bless=true} it is written instead. */
class KeysDocumentTest {
    private static final Path PAGE = Path.of("..", "docs", "keys.md");

    @Test
    void thePageIsTheTable() throws IOException {
        if (Boolean.getBoolean("quern.bless")) {
            Files.writeString(PAGE, page());
        }
        assertEquals(
                page(),
                Files.exists(PAGE) ? Files.readString(PAGE) : "",
                "run scripts/test -pl golden-tests -Dtest=KeysDocumentTest -Dquern.bless=true, and read the"
                        + " difference");
        assertFalse(Boolean.getBoolean("quern.bless"), "blessed " + PAGE + "; run the test again without");
    }

    @Test
    void everyKeyStandsThereOnce() {
        for (String architecture : Architectures.names()) {
            Set<String> seen = new HashSet<>();
            KnownKeys.of(architecture)
                    .forEach(known -> assertEquals(true, seen.add(known.key(architecture)), known.ending()));
        }
    }

    private static String page() {
        var page = new StringBuilder("""
            # Keys of model files

            What becomes of the metadata of a file whose `general.architecture` is `llama`: every key that readers of this
            architecture look at, and its kin from others. A key that changes what is computed is heeded, or the file is refused
            by the key's name. A key that begins with `llama.` and is not here is warned of; other keys are for people.
            Keys of other architectures begin with their names; what becomes of some of them is [otherwise](#other-architectures).

            This page is written from the table that the reader uses, `KnownKeys`. `quern verify` says which of it applies to
            a file.

            * **heeded**: its value takes part, as the last column says.
            * **refused**: the file is refused, unless the value is one of those given or the key is missing.
            * **warned**: the file is used, with a warning unless the value is one of those given.
            * **harmless**: it changes nothing that is computed, for the reason given.
            """);
        for (Scope scope : Scope.values()) {
            page.append(
                    switch (scope) {
                        case MODEL -> "\n## The model\n";
                        case TOKENIZER -> "\n## The tokenizer\n";
                        case GENERAL -> "\n## The file\n";
                        case SPLIT -> "\n## Models in several files\n";
                    });
            page.append("\n| key | what becomes of it | how, or why |\n|---|---|---|\n");
            KnownKeys.ALL.stream()
                    .filter(known -> known.scope() == scope)
                    .forEach(known -> page.append(row(known, "llama")));
        }
        page.append("\n## Other architectures\n");
        Architectures.names().stream().filter(name -> !name.equals("llama")).forEach(name -> {
            page.append("\nOf `").append(name).append('`');
            List<KnownKey> own = KnownKeys.of(name).stream()
                    .filter(known -> !KnownKeys.ALL.contains(known))
                    .toList();
            if (own.isEmpty()) {
                page.append(" the same becomes.\n");
            } else {
                page.append(":\n\n| key | what becomes of it | how, or why |\n|---|---|---|\n");
                own.forEach(known -> page.append(row(known, name)));
            }
        });
        return page.toString();
    }

    private static String row(KnownKey known, String architecture) {
        String treatment = switch (known.treatment()) {
            case HEEDED -> "heeded";
            case HARMLESS -> "harmless";
            case REFUSED -> "refused unless " + String.join(", ", known.neutral());
            case WARNED -> known.neutral().isEmpty() ? "warned" : "warned unless " + String.join(", ", known.neutral());
        };
        return "| `" + known.key(architecture) + "` | " + treatment + " | " + known.reason() + " |\n";
    }
}
