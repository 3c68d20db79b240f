package dev.quern.cli.terminal;

/** Told how far a long task is. */
@FunctionalInterface
public interface Progress {
    /** For tasks that nobody watches. */
    Progress NONE = (done, total) -> {};

    /**
     * Called now and then; both numbers in the task's unit.
     *
     * @param done how much is done
     * @param total how much there is, or 0 if that is unknown
     */
    void at(long done, long total);

    /**
     * Called when the task is held up.
     *
     * @param reason a phrase, such as {@code no data for 15 s, trying again}
     */
    default void note(String reason) {}
}
