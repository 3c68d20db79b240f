package dev.quern.text.chat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names that are set in a block, and those around it. */
final class Scope {
    private final @Nullable Scope outer;
    private @Nullable Map<String, Value> values;

    Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    void set(String name, Value value) {
        if (values == null) {
            values = new LinkedHashMap<>();
        }
        values.put(name, value);
    }

    @Nullable
    Value get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Value value = scope.values == null ? null : scope.values.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
