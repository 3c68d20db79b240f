package dev.quern.passes.memory;

import java.util.List;

/** How much lives at the same time: no arena can be smaller. */
final class LiveSets {
    private LiveSets() {}

    /** The most bytes that live at one step, sizes rounded up to the alignment. */
    static long largest(List<Buffer> buffers, long alignment) {
        long largest = 0;
        for (Buffer buffer : buffers) {
            largest = Math.max(largest, at(buffer.firstUse(), buffers, alignment));
        }
        return largest;
    }

    /** The most bytes that live at one step of the buffer's life, itself included. */
    static long largestBeside(Buffer buffer, List<Buffer> buffers, long alignment) {
        long largest = at(buffer.firstUse(), buffers, alignment);
        for (Buffer other : buffers) {
            if (other.firstUse() > buffer.firstUse() && other.firstUse() <= buffer.lastUse()) {
                largest = Math.max(largest, at(other.firstUse(), buffers, alignment));
            }
        }
        return largest;
    }

    /** The live set only grows where a buffer begins, so these steps are all that need a look. */
    private static long at(int step, List<Buffer> buffers, long alignment) {
        long sum = 0;
        for (Buffer buffer : buffers) {
            if (buffer.firstUse() <= step && step <= buffer.lastUse()) {
                sum = Math.addExact(sum, buffer.alignedBytes(alignment));
            }
        }
        return sum;
    }
}
