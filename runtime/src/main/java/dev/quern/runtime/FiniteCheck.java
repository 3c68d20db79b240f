package dev.quern.runtime;

import dev.quern.plan.BufferSpec;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Kernel;
import dev.quern.plan.Plan;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
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
    private final Map<String, BufferSpec> states = new LinkedHashMap<>();
    private final Executor executor;

    FiniteCheck(Executor executor) {
        this.executor = executor;
        stepwise = new Stepwise(executor);
        // A dispatch may write a part of a result alone; what lies in the other parts must not be told as its fault.
        executor.clearScratch();
        plan = executor.plan();
        plan.buffers().stream()
                .filter(buffer -> buffer.rows().isPresent())
                .forEach(buffer -> states.put(buffer.name(), buffer));
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
            var state = states.get(bound.resource());
            Optional<Found> found = Optional.empty();
            if (accesses.get(index) != Kernel.Access.READ_WRITE) {
                continue;
            }
            if (state != null) {
                found = ofRow(state, bound, position);
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

    /** In what a state holds of a position. */
    private Optional<Found> ofRow(BufferSpec state, EntryPoint.Bound bound, int position) {
        var rows = state.rows().orElseThrow();
        long offset = position % state.positions() * rows.bytes();
        return find(state.name(), stepwise.read(bound, offset, Math.toIntExact(rows.bytes())), rows, true);
    }

    /**
     * The first position at which a state holds a number that is not finite once these tokens were read; as many as
     * there are if there is none. Where states hold the last positions only, the tokens are read again, up to it.
     */
    int firstOfStates(List<Integer> tokens) {
        int first = tokens.size();
        if (states.values().stream().anyMatch(state -> state.positions() < tokens.size())) {
            return firstReadAgain(tokens);
        }
        for (var state : states.values()) {
            if (first > 0) {
                var rows = state.rows().orElseThrow();
                ByteBuffer data = stepwise.read(whole(state), Math.toIntExact(first * rows.bytes()));
                var found = find(state.name(), data, rows, true);
                if (found.isPresent()) {
                    first = (int) (found.get().element() / rows.columns());
                }
            }
        }
        return first;
    }

    private int firstReadAgain(List<Integer> tokens) {
        for (int position = 0; position < tokens.size(); position++) {
            executor.set(tokens.get(position), position);
            executor.step();
            for (var state : states.values()) {
                if (ofRow(state, whole(state), position).isPresent()) {
                    return position;
                }
            }
        }
        return tokens.size();
    }

    private static EntryPoint.Bound whole(BufferSpec buffer) {
        return new EntryPoint.Bound(buffer.name(), 0, buffer.bytes());
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
                    long at = block / perRow * rows.bytes() + rows.columns() + (long) Short.BYTES * (block % perRow);
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
