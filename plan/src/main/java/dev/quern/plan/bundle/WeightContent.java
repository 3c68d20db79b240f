package dev.quern.plan.bundle;

import java.nio.ByteBuffer;

/** Produces the bytes of a weight piece by piece, so that no weight need lie in memory as a whole. */
@FunctionalInterface
public interface WeightContent {
    /** Gives all bytes in order, in pieces of any size; a piece may be reused once the consumer has returned. */
    void produce(Pieces pieces);

    /**
     * Takes the pieces. It is no {@code Consumer}: in a browser, where writing waits, all consumers would be made to
     * wait.
     */
    @FunctionalInterface
    interface Pieces {
        /** Takes the next piece. */
        void accept(ByteBuffer piece);
    }
}
