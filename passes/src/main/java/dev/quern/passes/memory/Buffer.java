package dev.quern.passes.memory;

/**
 * Something that needs memory for a while.
 *
 * @param name for people
 * @param bytes its size, at least 1
 * @param firstUse the step that first writes it
 * @param lastUse the step that last reads it, inclusive
 */
public record Buffer(String name, long bytes, int firstUse, int lastUse) {
    public Buffer {
        if (bytes < 1 || firstUse < 0 || lastUse < firstUse) {
            throw new IllegalArgumentException("a buffer has bytes and a lifetime; " + name + " has " + bytes
                    + " bytes and lives from " + firstUse + " to " + lastUse);
        }
    }

    /** Whether there is a step at which both live. */
    public boolean meets(Buffer other) {
        return firstUse <= other.lastUse && other.firstUse <= lastUse;
    }

    /** The size rounded up to a multiple of the alignment. */
    public long alignedBytes(long alignment) {
        return Math.multiplyExact(Math.ceilDiv(bytes, alignment), alignment);
    }
}
