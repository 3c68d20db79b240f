package dev.quern.text;

import java.util.Arrays;

/**
 * A text of which it is known who wrote which characters: the template, or whoever made the request. What a request
 * gave is text and nothing else, however much of it looks like a control token.
 *
 * <p>Places are UTF-16 units. Immutable.
 */
public final class MarkedText {
    private static final int[] NOTHING = {};

    /** No characters at all. */
    public static final MarkedText EMPTY = new MarkedText("", NOTHING);

    private final String text;

    /** Where parts that were given start and end, in turns, ascending; no part is empty, none touches the next. */
    private final int[] edges;

    private MarkedText(String text, int[] edges) {
        this.text = text;
        this.edges = edges;
    }

    /** A text that a template wrote. */
    public static MarkedText written(String text) {
        return new MarkedText(text, NOTHING);
    }

    /** A text that a request gave. */
    public static MarkedText given(String text) {
        return new MarkedText(text, text.isEmpty() ? NOTHING : new int[] {0, text.length()});
    }

    /** The characters. */
    public String text() {
        return text;
    }

    /** How many UTF-16 units there are. */
    public int length() {
        return text.length();
    }

    /** Whether there are no characters. */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    /** Whether any character was given. */
    public boolean hasGiven() {
        return edges.length > 0;
    }

    /** Whether a character from {@code start} on and before {@code end} was given. */
    public boolean hasGiven(int start, int end) {
        // The first edge behind the start: an odd one ends a part in which the start lies.
        int edge = firstBehind(start);
        return start < end && ((edge & 1) == 1 || (edge < edges.length && edges[edge] < end));
    }

    /**
     * Where the characters that are alike end: the first place behind {@code at} whose character has another writer.
     */
    public int endOfRun(int at) {
        int edge = firstBehind(at);
        return edge < edges.length ? edges[edge] : text.length();
    }

    /** The number of edges that are at {@code at} or before it. */
    private int firstBehind(int at) {
        int low = 0;
        int high = edges.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (edges[middle] <= at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The characters from {@code start} on, before {@code end}. */
    public MarkedText substring(int start, int end) {
        if (start == 0 && end == text.length()) {
            return this;
        }
        String part = text.substring(start, end);
        if (!hasGiven(start, end)) {
            return written(part);
        }
        return endOfRun(start) >= end
                ? given(part)
                : new Builder().append(this, start, end).build();
    }

    /** The characters from {@code start} on. */
    public MarkedText substring(int start) {
        return substring(start, text.length());
    }

    /** This text, and then another. */
    public MarkedText concat(MarkedText more) {
        if (edges.length == 0 && more.edges.length == 0) {
            return written(text.concat(more.text));
        }
        return new Builder().append(this).append(more).build();
    }

    /**
     * Another text in the place of this one, of which it is not known which character came of which: given if any was.
     */
    public MarkedText becomes(String other) {
        return hasGiven() ? given(other) : written(other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MarkedText marked && text.equals(marked.text) && Arrays.equals(edges, marked.edges);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The characters; what was given stands in {@code «»}. */
    @Override
    public String toString() {
        StringBuilder shown = new StringBuilder(text.length() + edges.length);
        int start = 0;
        for (int edge = 0; edge < edges.length; edge++) {
            shown.append(text, start, edges[edge]).append((edge & 1) == 0 ? '«' : '»');
            start = edges[edge];
        }
        return shown.append(text, start, text.length()).toString();
    }

    /** Puts a text together. */
    public static final class Builder {
        private final StringBuilder text = new StringBuilder();
        private int[] edges = NOTHING;
        private int size;

        /** How many UTF-16 units there are so far. */
        public int length() {
            return text.length();
        }

        /** Adds what a template wrote. */
        public Builder append(String written) {
            text.append(written);
            return this;
        }

        /** Adds a text with its marks. */
        public Builder append(MarkedText more) {
            return append(more, 0, more.length());
        }

        /** Adds the characters from {@code start} on, before {@code end}, with their marks. */
        public Builder append(MarkedText more, int start, int end) {
            if (more.edges.length > 0 && start < end) {
                int shift = text.length() - start;
                int edge = more.firstBehind(start);
                int from = (edge & 1) == 1 ? start : edge < more.edges.length ? more.edges[edge] : end;
                edge |= 1;
                while (from < end) {
                    mark(from + shift, Math.min(end, more.edges[edge]) + shift);
                    from = edge + 1 < more.edges.length ? more.edges[edge + 1] : end;
                    edge += 2;
                }
            }
            text.append(more.text, start, end);
            return this;
        }

        /**
         * Adds a text that stands for the characters of another from {@code start} on, before {@code end}: given if any
         * of them was.
         */
        public Builder appendFor(MarkedText source, int start, int end, String replacement) {
            if (source.hasGiven(start, end) && !replacement.isEmpty()) {
                mark(text.length(), text.length() + replacement.length());
            }
            text.append(replacement);
            return this;
        }

        private void mark(int start, int end) {
            if (size > 0 && edges[size - 1] == start) {
                edges[size - 1] = end;
                return;
            }
            if (size == edges.length) {
                edges = Arrays.copyOf(edges, Math.max(8, 2 * size));
            }
            edges[size++] = start;
            edges[size++] = end;
        }

        /** The text so far. */
        public MarkedText build() {
            return new MarkedText(text.toString(), size == 0 ? NOTHING : Arrays.copyOf(edges, size));
        }
    }
}
