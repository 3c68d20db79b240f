package dev.quern.runtime;

import dev.quern.plan.BufferSpec;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import dev.quern.plan.Plan;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for numbers that are not finite in what a dispatch of {@code step} left, and in states. For hosts on which
 * reads wait.
 */
final class FiniteCheck {
    private static final int HALF_EXPONENT = 0x7c00;
    private static final int HALF_MAGNITUDE = 0x7fff;

    /** Of activations, whose rows are of no matter. */
    private static final BufferSpec.Rows FLOATS = new BufferSpec.Rows(CacheEncoding.F32, 1);

    private final Stepwise stepwise;
    private final Plan plan;
    private final Map<String, BufferSpec.Rows> states = new HashMap<>();

    FiniteCheck(Executor executor) {
        stepwise = new Stepwise(executor);
        // A dispatch may write a part of a result alone; what lies in the other parts must not be told as its fault.
        executor.clearScratch();
        plan = executor.plan();
        plan.buffers().forEach(buffer -> buffer.rows().ifPresent(rows -> states.put(buffer.name(), rows)));
    }

    /**
     * A number that is not finite.
     *
     * @param value what it is an element of
     * @param element which, from 0; of states in the row of the position; of blocks the first
     * @param nan whether it is NaN; else it is infinite
     * @param kept how the value is kept, if it is a state
     */
    record Found(String value, int element, boolean nan, Optional<CacheEncoding> kept) {
        @Override
        public String toString() {
            return "element " + element + " of %" + value + " is " + (nan ? "NaN" : "infinite");
        }
    }

    /** Runs {@code step} dispatch by dispatch. */
    Stepwise stepwise() {
        return stepwise;
    }

    /**
     * The first number that is not finite in what the dispatch has written: rows of states, and what it binds last.
     *
     * @param position of the token that was read
     */
    Optional<Found> after(EntryPoint.Step step, int position) {
        List<Kernel.Access> accesses = plan.kernel(step.kernel()).bindings();
        int last = step.bindings().size() - 1;
        for (int index = 0; index <= last; index++) {
            var bound = step.bindings().get(index);
            var rows = states.get(bound.resource());
            Optional<Found> found = Optional.empty();
            if (accesses.get(index) != Kernel.Access.READ_WRITE) {
                continue;
            }
            if (rows != null) {
                ByteBuffer row = stepwise.read(bound, position * rows.bytes(), Math.toIntExact(rows.bytes()));
                found = find(bound.resource(), row, rows, true);
            } else if (index == last) {
                ByteBuffer data = stepwise.read(bound, Math.toIntExact(bound.bytes()));
                found = find(step.label(), data, FLOATS, false);
            }
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /**
     * The first of so many positions at which a state holds a number that is not finite; {@code positions} if there is
     * none.
     */
    int firstOfStates(int positions) {
        int first = positions;
        for (var buffer : plan.buffers()) {
            if (buffer.rows().isPresent() && first > 0) {
                var rows = buffer.rows().get();
                var whole = new EntryPoint.Bound(buffer.name(), 0, buffer.bytes());
                ByteBuffer data = stepwise.read(whole, Math.toIntExact(first * rows.bytes()));
                var found = find(buffer.name(), data, rows, true);
                if (found.isPresent()) {
                    first = (int) (found.get().element() / rows.columns());
                }
            }
        }
        return first;
    }

    static Optional<Found> find(String value, ByteBuffer data, BufferSpec.Rows rows, boolean state) {
        Optional<CacheEncoding> kept = state ? Optional.of(rows.encoding()) : Optional.empty();
        switch (rows.encoding()) {
            case F16 -> {
                for (int element = 0; data.hasRemaining(); element++) {
                    int magnitude = data.getShort() & HALF_MAGNITUDE;
                    if (magnitude >= HALF_EXPONENT) {
                        return Optional.of(new Found(value, element, magnitude > HALF_EXPONENT, kept));
                    }
                }
            }
            case Q8_0 -> {
                // Bytes are finite; the scales of a row lie behind them.
                int perRow = (int) (rows.columns() / CacheEncoding.Q8_0.elements());
                int blocks = (int) (data.remaining() / rows.bytes()) * perRow;
                for (int block = 0; block < blocks; block++) {
                    long at = block / perRow * rows.bytes() + rows.columns() + block % perRow * Short.BYTES;
                    int magnitude = data.getShort(data.position() + (int) at) & HALF_MAGNITUDE;
                    if (magnitude >= HALF_EXPONENT) {
                        int element = block * CacheEncoding.Q8_0.elements();
                        return Optional.of(new Found(value, element, magnitude > HALF_EXPONENT, kept));
                    }
                }
            }
            case F32 -> {
                for (int element = 0; data.hasRemaining(); element++) {
                    float number = data.getFloat();
                    if (!Float.isFinite(number)) {
                        return Optional.of(new Found(value, element, Float.isNaN(number), kept));
                    }
                }
            }
        }
        return Optional.empty();
    }
}
