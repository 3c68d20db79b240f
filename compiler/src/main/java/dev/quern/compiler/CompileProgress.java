package dev.quern.compiler;

/** Hears how far a compilation is. */
@FunctionalInterface
public interface CompileProgress {
    /**
     * Bytes of weights written so far, of how many. Throwing from here stops the compilation; nothing half-written
     * remains.
     */
    void weights(long done, long total);
}
