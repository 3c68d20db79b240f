package dev.quern.plan.text;

import dev.quern.plan.BufferSpec;
import dev.quern.plan.EntryPoint.Bound;
import dev.quern.plan.WeightSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What steps bind, by name: of two with one name the first, and buffers before weights. */
record Resources(Map<String, Long> buffers, Map<String, Long> weights) {

    static Resources of(List<BufferSpec> buffers, List<WeightSpec> weights) {
        Map<String, Long> bufferBytes = new HashMap<>();
        Map<String, Long> weightBytes = new HashMap<>();
        buffers.forEach(buffer -> bufferBytes.putIfAbsent(buffer.name(), buffer.bytes()));
        weights.forEach(weight -> weightBytes.putIfAbsent(weight.name(), weight.bytes()));
        return new Resources(bufferBytes, weightBytes);
    }

    /** The size of what has this name. */
    Optional<Long> bytes(String name) {
        Long bytes = buffers.get(name);
        return Optional.ofNullable(bytes == null ? weights.get(name) : bytes);
    }

    /** Whether a range says no more than the weight's name does. */
    boolean isWholeWeight(Bound bound) {
        return !buffers.containsKey(bound.resource())
                && bound.offset() == 0
                && bytes(bound.resource()).equals(Optional.of(bound.bytes()));
    }
}
