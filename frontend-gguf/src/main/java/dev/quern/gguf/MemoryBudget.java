package dev.quern.gguf;

/** Counts the heap that metadata takes, so that no file can ask for more than the limit. */
final class MemoryBudget {
    private final long limit;
    private long used;

    MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** Asks for bytes before they are allocated. */
    void charge(long bytes, String where) {
        if (bytes < 0 || bytes > limit - used) {
            throw new GgufException(
                    where,
                    "The metadata needs more than " + (limit >> 20) + " MiB of memory, which is the limit. No known "
                            + "model comes near it; the file is damaged or hostile.");
        }
        used += bytes;
    }
}
