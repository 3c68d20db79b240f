package dev.quern.codegen;

import dev.quern.ir.Function;
import dev.quern.ir.Value;
import dev.quern.plan.MemoryCertificate;
import java.util.Map;

/**
 * Where the values of all functions lie in the arena, as the memory planner decided.
 *
 * @param offsets bytes from the arena's start, by function name and value name
 * @param certificate the proof of its size
 */
public record ArenaLayout(Map<String, Map<String, Long>> offsets, MemoryCertificate certificate) {

    /** The offset of a value. */
    long offset(Function function, Value value) {
        Map<String, Long> ofFunction = offsets.get(function.name());
        Long offset = ofFunction == null ? null : ofFunction.get(value.name());
        if (offset == null) {
            throw new IllegalArgumentException("the memory plan has no place for " + value + " of @" + function.name());
        }
        return offset;
    }

    /**
     * Whether a value lies outside of the arena, in a buffer of its own: states, and what the host sees of a function.
     */
    public static boolean isExternal(Function function, Value value) {
        return value.type() instanceof dev.quern.ir.StateType
                || function.parameters().contains(value)
                || function.results().contains(value);
    }
}
