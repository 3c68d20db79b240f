package dev.quern.passes.memory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much lives at the same time: no arena can be smaller. The live set only grows where a buffer begins, so only
 * those steps are examined.
 */
final class LiveSets {
    private LiveSets() {}

    /** The most bytes that live at one step, sizes rounded up to the alignment. */
    static long largest(List<Buffer> buffers, long alignment) {
        long largest = 0;
        for (long bytes : atFirstUses(buffers, alignment).values()) {
            largest = Math.max(largest, bytes);
        }
        return largest;
    }

    /** For each buffer the most bytes that live at one step of its life, itself included. */
    static Map<Buffer, Long> breadths(List<Buffer> buffers, long alignment) {
        Map<Integer, Long> at = atFirstUses(buffers, alignment);
        Map<Buffer, Long> breadths = new HashMap<>();
        for (Buffer buffer : buffers) {
            long largest = 0;
            for (Buffer other : buffers) {
                if (buffer.firstUse() <= other.firstUse() && other.firstUse() <= buffer.lastUse()) {
                    largest = Math.max(largest, at.getOrDefault(other.firstUse(), 0L));
                }
            }
            breadths.put(buffer, largest);
        }
        return breadths;
    }

    private static Map<Integer, Long> atFirstUses(List<Buffer> buffers, long alignment) {
        Map<Integer, Long> at = new HashMap<>();
        for (Buffer start : buffers) {
            if (!at.containsKey(start.firstUse())) {
                long sum = 0;
                for (Buffer buffer : buffers) {
                    if (buffer.firstUse() <= start.firstUse() && start.firstUse() <= buffer.lastUse()) {
                        sum = Math.addExact(sum, buffer.alignedBytes(alignment));
                    }
                }
                at.put(start.firstUse(), sum);
            }
        }
        return at;
    }
}
