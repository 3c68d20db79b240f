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

    /**
     * The progress of a part of the task.
     *
     * @param before how much of the task is done when the part begins
     * @param whole how much there is of the task, or 0 if that is unknown
     */
    default Progress part(long before, long whole) {
        Progress task = this;
        return new Progress() {
            @Override
            public void at(long done, long total) {
                task.at(before + done, whole);
            }

            @Override
            public void note(String reason) {
                task.note(reason);
            }
        };
    }
}
