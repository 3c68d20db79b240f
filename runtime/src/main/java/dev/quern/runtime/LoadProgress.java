package dev.quern.runtime;

/** Hears how far loading is. Called before the first and after every piece of work. */
@FunctionalInterface
public interface LoadProgress {
    /** Hears nothing. */
    LoadProgress SILENT = (phase, done, total) -> {};

    /**
     * So much of a phase is done; {@code done} equals {@code total} once at the phase's end.
     *
     * @param done in the phase's unit
     */
    void report(Phase phase, long done, long total);

    /** What loading consists of, in order. */
    enum Phase {
        /** Weights are read, checked and uploaded; counted in bytes. */
        WEIGHTS,
        /** Kernels are compiled; counted in pipelines. */
        PIPELINES
    }
}
