package dev.quern.plan.bundle;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Produces the bytes of a weight piece by piece, so that no weight need lie in memory as a whole. */
@FunctionalInterface
public interface WeightContent {
    /** Gives all bytes in order, in pieces of any size; a piece may be reused once the consumer has returned. */
    void produce(Consumer<ByteBuffer> pieces);
}
