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
        /**
         * Kernels are compiled, or their compilation is begun where it goes on beside the rest; counted in pipelines.
         */
        PIPELINES,
        /** Weights are read, checked and uploaded; counted in bytes. */
        WEIGHTS
    }
}
