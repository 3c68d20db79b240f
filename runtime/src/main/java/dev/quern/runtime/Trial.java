package dev.quern.runtime;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Work of a model for its time alone: whatever tokens it reads and chooses, it goes on. On a host that can wait. What
 * the session held is forgotten.
 */
public final class Trial {
    /** A token that every vocabulary has. */
    private static final int TOKEN = 1;

    private final Executor executor;
    private final int context;
    private final LongSupplier nanoseconds;

    Trial(Executor executor, int context, LongSupplier nanoseconds) {
        this.executor = executor;
        this.context = context;
        this.nanoseconds = nanoseconds;
    }

    /** Positions that there are. */
    public int context() {
        return context;
    }

    /**
     * Reads a prompt.
     *
     * @param tokens of the prompt
     * @param depth positions before it, whatever they hold
     * @return nanoseconds until all of it is read
     */
    public long prompt(int tokens, int depth) {
        check(tokens + depth);
        int[] ids = new int[executor.chunk()];
        Arrays.fill(ids, TOKEN);
        settle();
        long begin = nanoseconds.getAsLong();
        for (int done = 0; done < tokens; done += executor.chunk()) {
            executor.prefill(ids, 0, Math.min(executor.chunk(), tokens - done), depth + done);
            settle();
        }
        return nanoseconds.getAsLong() - begin;
    }

    /**
     * What steps took.
     *
     * @param nanoseconds until the last token was known
     * @param encodeNanoseconds of these, those in which work was encoded and submitted
     */
    public record Steps(long nanoseconds, long encodeNanoseconds) {}

    /**
     * Runs steps, each with the token that the one before picked.
     *
     * @param tokens how many
     * @param depth positions before them, whatever they hold
     */
    public Steps steps(int tokens, int depth) {
        check(tokens + depth);
        executor.set(TOKEN, depth);
        settle();
        long encoding = 0;
        long begin = nanoseconds.getAsLong();
        int batch = Math.min(Generation.MAX_BATCH, executor.ringSlots());
        for (int done = 0; done < tokens; done += batch) {
            int count = Math.min(batch, tokens - done);
            long before = nanoseconds.getAsLong();
            for (int step = 0; step < count; step++) {
                executor.stepAndPick();
            }
            encoding += nanoseconds.getAsLong() - before;
            executor.readRing(depth + done, count, _ -> {});
        }
        return new Steps(nanoseconds.getAsLong() - begin, encoding);
    }

    private void check(int positions) {
        if (positions > context) {
            throw new IllegalArgumentException(positions + " positions are asked for, and there are " + context);
        }
    }

    private void settle() {
        executor.settle(() -> {});
    }
}
