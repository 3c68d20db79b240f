package dev.quern.plan;

import java.util.List;

/**
 * Something that a runtime can run: steps in order, each seeing what the ones before it wrote.
 *
 * <ul>
 *   <li>{@code prefill} reads {@code ?tokens} tokens into the states;
 *   <li>{@code step} reads one token and leaves logits;
 *   <li>{@code pick} chooses the largest logit, puts it where the next {@code step} reads and into the ring, at the
 *       slot of the position that the {@code step} before it had, and advances the position. If a logit is not finite
 *       it puts {@link #NO_TOKEN} there.
 * </ul>
 *
 * @param name one of the three
 * @param steps the dispatches in order
 */
public record EntryPoint(String name, List<Step> steps) {
    public static final String PREFILL = "prefill";
    public static final String STEP = "step";
    public static final String PICK = "pick";

    /** What {@code pick} chooses where a logit is NaN or infinite: 2^32 - 1, which is no token. */
    public static final int NO_TOKEN = -1;

    /** The symbol that {@code prefill} is run with: how many tokens. */
    public static final String TOKENS = "tokens";

    public EntryPoint {
        steps = List.copyOf(steps);
    }

    /**
     * One dispatch.
     *
     * @param label for people: the name in the graph of what the step computes, such as {@code layer3.attended}
     * @param kernel the name of the kernel
     * @param bindings one for each binding of the kernel
     * @param grid workgroups along x, y and z; three entries
     */
    public record Step(String label, String kernel, List<Bound> bindings, List<Extent> grid) {
        public Step {
            bindings = List.copyOf(bindings);
            grid = List.copyOf(grid);
        }
    }

    /**
     * What is bound: part of a buffer, or a whole weight.
     *
     * @param resource the name of a buffer or weight of the plan
     * @param offset bytes, a multiple of 256; 0 for weights
     * @param bytes as bound; the whole for weights
     */
    public record Bound(String resource, long offset, long bytes) {}

    /**
     * A number of workgroups: {@code ceil(factor * symbol / divisor)}, or {@code factor} where the symbol is empty.
     *
     * @param symbol name of a symbol of the plan, or empty
     */
    public record Extent(String symbol, long factor, long divisor) {
        public static Extent fixed(long groups) {
            return new Extent("", groups, 1);
        }

        /** The number of workgroups when the symbol has this extent. */
        public long at(long extent) {
            return symbol.isEmpty() ? factor : Math.ceilDiv(Math.multiplyExact(extent, factor), divisor);
        }
    }
}
