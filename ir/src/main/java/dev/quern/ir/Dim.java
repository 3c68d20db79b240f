package dev.quern.ir;

/** The extent of one axis. A symbol's bound feeds the memory plan, not the shape. */
public sealed interface Dim {

    /** The largest extent that this dimension can take. */
    long max();

    /** A number known at compile time, at least 1. */
    record Fixed(long extent) implements Dim {
        public Fixed {
            if (extent < 1) {
                throw new IllegalArgumentException("an extent must be at least 1, not " + extent);
            }
        }

        @Override
        public long max() {
            return extent;
        }

        @Override
        public String toString() {
            return Long.toString(extent);
        }
    }

    /** A number known when the function is run, from 1 to {@code max}. */
    record Symbol(String name, long max) implements Dim {
        public Symbol {
            if (max < 1) {
                throw new IllegalArgumentException("the bound of ?" + name + " must be at least 1, not " + max);
            }
        }

        @Override
        public String toString() {
            return "?" + name;
        }
    }
}
