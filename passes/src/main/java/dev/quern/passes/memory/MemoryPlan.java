package dev.quern.passes.memory;

import dev.quern.ir.Value;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The arena of a function.
 *
 * @param regions where each value that lies in the arena lies, in the order of definition
 * @param certificate the arena's size and how good it is; values that share memory by in-place writes are one buffer in
 *     its table
 */
public record MemoryPlan(Map<Value, Region> regions, Certificate certificate) {
    public MemoryPlan {
        regions = Collections.unmodifiableMap(new LinkedHashMap<>(regions));
    }

    /**
     * Bytes of the arena.
     *
     * @param offset the first
     * @param bytes how many, at the bounds of all symbols, not rounded up
     */
    public record Region(long offset, long bytes) {}

    /** Where the value lies; absent for values outside the arena. */
    public Optional<Region> region(Value value) {
        return Optional.ofNullable(regions.get(value));
    }
}
