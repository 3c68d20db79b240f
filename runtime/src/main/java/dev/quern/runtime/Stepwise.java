package dev.quern.runtime;

import dev.quern.plan.EntryPoint;
import dev.quern.plan.bundle.SelfTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        step(token, position, Optional.empty(), visitor);
    }

    /**
     * The same with dispatches left out.
     *
     * @throws IllegalArgumentException if the plan has no such dispatches
     */
    void step(int token, int position, Optional<SelfTest.Gap> gap, Visitor visitor) {
        executor.set(token, position);
        List<EntryPoint.Step> steps =
                executor.plan().entryPoint(EntryPoint.STEP).steps();
        int first = gap.map(each -> index(steps, each.from())).orElse(steps.size());
        int next = gap.map(each -> index(steps, each.to())).orElse(steps.size());
        if (walk(EntryPoint.STEP, 1, 0, first, visitor)) {
            gap.ifPresent(each -> move(steps, each.moves()));
            walk(EntryPoint.STEP, 1, next, steps.size(), visitor);
        }
    }

    /** All is read before anything is written: one may go where another was. */
    private void move(List<EntryPoint.Step> steps, List<SelfTest.Move> moves) {
        List<ByteBuffer> read = new ArrayList<>();
        for (SelfTest.Move move : moves) {
            EntryPoint.Bound from = bound(steps, move.from());
            ByteBuffer data = read(from, Math.toIntExact(from.bytes()));
            read.add(ByteBuffer.allocateDirect(data.remaining()).put(data).flip());
        }
        for (int index = 0; index < moves.size(); index++) {
            executor.writeBound(bound(steps, moves.get(index).to()), read.get(index));
        }
    }

    private static EntryPoint.Bound bound(List<EntryPoint.Step> steps, SelfTest.Place place) {
        return steps.get(index(steps, place.label())).bindings().get(place.binding());
    }

    private static int index(List<EntryPoint.Step> steps, String label) {
        for (int index = 0; index < steps.size(); index++) {
            if (steps.get(index).label().equals(label)) {
                return index;
            }
        }
        throw new IllegalArgumentException("the plan has no step that computes " + label);
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
        walk(
                entryPoint,
                tokens,
                0,
                executor.plan().entryPoint(entryPoint).steps().size(),
                visitor);
    }

    /** Whether the visitor wants to go on behind the last. */
    private boolean walk(String entryPoint, int tokens, int from, int to, Visitor visitor) {
        List<EntryPoint.Step> steps = executor.plan().entryPoint(entryPoint).steps();
        for (int index = from; index < to; index++) {
            executor.runDispatch(entryPoint, tokens, index);
            if (!visitor.ran(index, steps.get(index))) {
                return false;
            }
        }
        return true;
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
