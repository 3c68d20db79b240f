package dev.quern.gguf.architecture;

import static dev.quern.gguf.architecture.KnownKey.Treatment.HARMLESS;
import static dev.quern.gguf.architecture.KnownKey.Treatment.HEEDED;
import static dev.quern.gguf.architecture.KnownKey.Treatment.REFUSED;
import static dev.quern.gguf.architecture.KnownKey.Treatment.WARNED;

import dev.quern.gguf.architecture.KnownKey.Scope;
import dev.quern.gguf.architecture.KnownKey.Treatment;
import java.util.ArrayList;
import java.util.List;

/** The rows of {@link KnownKeys} while they are written down. */
final class KeyTable {
    private final List<KnownKey> rows = new ArrayList<>();

    List<KnownKey> rows() {
        return List.copyOf(rows);
    }

    void heeded(Scope scope, String ending, String how) {
        add(scope, ending, HEEDED, List.of(), how);
    }

    void harmless(Scope scope, String ending, String why) {
        add(scope, ending, HARMLESS, List.of(), why);
    }

    void refused(Scope scope, String ending, List<String> neutral, String what) {
        add(scope, ending, REFUSED, neutral, what);
    }

    void warned(Scope scope, String ending, List<String> neutral, String what) {
        add(scope, ending, WARNED, neutral, what);
    }

    private void add(Scope scope, String ending, Treatment treatment, List<String> neutral, String reason) {
        rows.add(new KnownKey(scope, ending, treatment, neutral, reason));
    }
}
