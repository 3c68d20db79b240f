package dev.quern.codegen;

import dev.quern.ir.Function;
import dev.quern.ir.Value;
import dev.quern.plan.MemoryCertificate;
import java.util.List;
import java.util.Map;

/**
 * Where the values of all functions lie, as the memory planner decided. Offsets count through all arenas, one behind
 * the other; a value lies in the last arena that starts at or before its offset.
 *
 * @param offsets bytes from the start of the first arena, by function name and value name
 * @param arenas where each arena starts, the first at 0
 * @param certificate the proof of their size
 */
public record ArenaLayout(Map<String, Map<String, Long>> offsets, List<Long> arenas, MemoryCertificate certificate) {

    /** The offset of a value. */
    long offset(Function function, Value value) {
        Map<String, Long> ofFunction = offsets.get(function.name());
        Long offset = ofFunction == null ? null : ofFunction.get(value.name());
        if (offset == null) {
            throw new IllegalArgumentException("the memory plan has no place for " + value + " of @" + function.name());
        }
        return offset;
    }

    /** The arena that holds an offset. */
    int arenaOf(long offset) {
        int arena = 0;
        while (arena + 1 < arenas.size() && arenas.get(arena + 1) <= offset) {
            arena++;
        }
        return arena;
    }

    /** Bytes of an arena. */
    long bytesOf(int arena) {
        long end = arena + 1 < arenas.size() ? arenas.get(arena + 1) : certificate.arenaBytes();
        return end - arenas.get(arena);
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
