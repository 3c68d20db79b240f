package dev.quern.passes.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which of the gaps between buffers that live at the same time is taken. */
enum Fit {
    /** The lowest gap that is wide enough. */
    FIRST,
    /** The narrowest gap that is wide enough, the lowest of equal ones; above everything where there is none. */
    BEST;

    /** The offset for a buffer among those that are placed already. */
    long offset(Buffer buffer, List<Placed> placed, long alignment) {
        List<Placed> beside = new ArrayList<>();
        for (Placed other : placed) {
            if (other.buffer().meets(buffer)) {
                beside.add(other);
            }
        }
        beside.sort(Comparator.comparingLong(Placed::offset));
        long needed = buffer.alignedBytes(alignment);
        long free = 0;
        long chosen = -1;
        long narrowest = Long.MAX_VALUE;
        for (Placed other : beside) {
            long gap = other.offset() - free;
            if (gap >= needed && gap < narrowest) {
                chosen = free;
                narrowest = gap;
                if (this == FIRST) {
                    return chosen;
                }
            }
            free = Math.max(free, Math.addExact(other.offset(), other.buffer().alignedBytes(alignment)));
        }
        return chosen >= 0 ? chosen : free;
    }
}
