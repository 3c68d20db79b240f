package dev.quern.ir;

import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a kernel binds in one of its slots. */
public sealed interface Binding {

    /** The value whose memory is bound, unless it is a result's own. */
    Optional<Value> read();

    /** The number of the result that is written there, if one is. */
    Optional<Integer> result();

    /** The same for another value. */
    Binding map(UnaryOperator<Value> change);

    /** A value that is read: {@code %x} or {@code @w}. */
    record Reads(Value value) implements Binding {
        @Override
        public Optional<Value> read() {
            return Optional.of(value);
        }

        @Override
        public Optional<Integer> result() {
            return Optional.empty();
        }

        @Override
        public Reads map(UnaryOperator<Value> change) {
            return new Reads(change.apply(value));
        }
    }

    /**
     * Memory of its own for a result: {@code %y}.
     *
     * @param number of the result, from 0
     */
    record Writes(int number) implements Binding {
        @Override
        public Optional<Value> read() {
            return Optional.empty();
        }

        @Override
        public Optional<Integer> result() {
            return Optional.of(number);
        }

        @Override
        public Writes map(UnaryOperator<Value> change) {
            return this;
        }
    }

    /**
     * A value that is read and overwritten with a result: {@code %h as %y}. It has no later use.
     *
     * @param number of the result, from 0
     */
    record InPlace(Value value, int number) implements Binding {
        @Override
        public Optional<Value> read() {
            return Optional.of(value);
        }

        @Override
        public Optional<Integer> result() {
            return Optional.of(number);
        }

        @Override
        public InPlace map(UnaryOperator<Value> change) {
            return new InPlace(change.apply(value), number);
        }
    }
}
