package dev.quern.runtime;

import dev.quern.plan.BufferSpec;
import dev.quern.plan.Plan;

/**
 * States that hold the last positions only, in layers that see no more than a window of them. Who goes back to an
 * earlier position needs the window before it: rows that were overwritten since are gone.
 *
 * @param rows of the shortest such state; {@link Long#MAX_VALUE} if there is none
 * @param chunk the most tokens that a run reads: a ring has room for so many beside its window
 */
record Rings(long rows, int chunk) {
    /** Where all states hold all positions. */
    static final Rings NONE = new Rings(Long.MAX_VALUE, 1);

    /** The rings of a plan. */
    static Rings of(Plan plan, int chunk) {
        long positions =
                plan.buffers().stream().mapToLong(BufferSpec::positions).max().orElse(0);
        long rows = plan.buffers().stream()
                .filter(buffer -> buffer.role() == BufferSpec.Role.STATE)
                .mapToLong(BufferSpec::positions)
                .filter(held -> held < positions)
                .min()
                .orElse(Long.MAX_VALUE);
        return new Rings(rows, chunk);
    }

    /**
     * Whether a token can be read at a position once all positions before another were written.
     *
     * @param position where to go on; what lies before it was read and is to stay
     * @param written how many positions were written, from 0 on
     */
    boolean hold(int position, int written) {
        if (written <= rows) {
            return true;
        }
        // A window is no longer than what a ring has beside a chunk; a row sees itself too.
        long window = rows - chunk + 1;
        long first = Math.max(0, position - window + 1);
        return written <= first + rows;
    }
}
