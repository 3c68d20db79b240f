package dev.quern.runtime;

import dev.quern.plan.EntryPoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs entry points one dispatch at a time, so that what a dispatch leaves can be read before a later one overwrites
 * it. For hosts on which reads wait.
 */
public final class Stepwise {
    private final Executor executor;

    public Stepwise(Executor executor) {
        this.executor = executor;
    }

    /** Is told of each dispatch that ran. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * A dispatch ran; those after it have not.
         *
         * @param index its place in the entry point
         * @return whether to go on
         */
        boolean ran(int index, EntryPoint.Step step);
    }

    /** Reads one token by {@code step}. */
    public void step(int token, int position, Visitor visitor) {
        executor.set(token, position);
        walk(EntryPoint.STEP, 1, visitor);
    }

    /** Reads tokens by {@code prefill}, at most {@link Executor#chunk}. */
    public void prefill(int[] tokens, int first, Visitor visitor) {
        executor.setPrompt(tokens, 0, tokens.length, first);
        walk(EntryPoint.PREFILL, tokens.length, visitor);
    }

    /** Chooses the largest of the logits that the last {@link #step} left. */
    public void pick(Visitor visitor) {
        walk(EntryPoint.PICK, 1, visitor);
    }

    private void walk(String entryPoint, int tokens, Visitor visitor) {
        List<EntryPoint.Step> steps = executor.plan().entryPoint(entryPoint).steps();
        for (int index = 0; index < steps.size(); index++) {
            executor.runDispatch(entryPoint, tokens, index);
            if (!visitor.ran(index, steps.get(index))) {
                return;
            }
        }
    }

    /** The first bytes of what a dispatch bound to a buffer, little-endian. */
    public ByteBuffer read(EntryPoint.Bound bound, int bytes) {
        return read(bound, 0, bytes);
    }

    /** Bytes of what a dispatch bound to a buffer, from an offset in it on, little-endian. */
    ByteBuffer read(EntryPoint.Bound bound, long offset, int bytes) {
        List<ByteBuffer> received = new ArrayList<>();
        executor.readBound(
                bound,
                offset,
                bytes,
                data -> received.add(ByteBuffer.allocate(bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(data)
                        .flip()));
        if (received.isEmpty()) {
            throw new IllegalStateException(
                    "this device's reads do not wait; what a dispatch left cannot be looked at");
        }
        return received.getFirst();
    }

    /** The first elements of what a dispatch bound to a buffer, as floats. */
    public float[] readFloats(EntryPoint.Bound bound, int count) {
        float[] values = new float[count];
        read(bound, Math.multiplyExact(count, Float.BYTES)).asFloatBuffer().get(values);
        return values;
    }
}
