package dev.quern.text;

import java.util.List;

/**
 * Ends a stream of text at the first of some strings. Text that may be the beginning of a stop string is held back
 * until it is known whether it is; a stop string and all that follows are never given out.
 *
 * <p>The result does not depend on how the text is cut into calls: the stop string that is complete first wins, and of
 * several that end at the same place the longest.
 */
public final class StopStrings {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean matched;

    /**
     * A matcher for these strings.
     *
     * @throws TokenizerException if one of them is empty
     */
    public StopStrings(List<String> stops) {
        this.stops = List.copyOf(stops);
        for (String stop : stops) {
            if (stop.isEmpty()) {
                throw new TokenizerException("A stop string is empty; it would end every text before it begins.");
            }
        }
    }

    /** Takes more text and returns what may be given out. After a match that is nothing. */
    public String feed(String text) {
        if (matched) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            held.append(text.charAt(at));
            String stop = longestAtEnd();
            if (!stop.isEmpty()) {
                matched = true;
                out.append(held, 0, held.length() - stop.length());
                held.setLength(0);
                return out.toString();
            }
            int keep = longestBeginningAtEnd();
            out.append(held, 0, held.length() - keep);
            held.delete(0, held.length() - keep);
        }
        return out.toString();
    }

    /** Ends the stream: what was held back is text after all, unless a stop string was found. */
    public String flush() {
        String rest = held.toString();
        held.setLength(0);
        return rest;
    }

    /** Whether a stop string was found. */
    public boolean matched() {
        return matched;
    }

    /** The longest stop string that what is held ends with, or the empty string. */
    private String longestAtEnd() {
        String longest = "";
        for (String stop : stops) {
            if (stop.length() > longest.length() && endsWith(stop, stop.length())) {
                longest = stop;
            }
        }
        return longest;
    }

    /** How many of the last characters held are the beginning of a stop string. */
    private int longestBeginningAtEnd() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (endsWith(stop, length)) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    /** Whether what is held ends with the first {@code length} characters of a stop string. */
    private boolean endsWith(String stop, int length) {
        int offset = held.length() - length;
        if (offset < 0) {
            return false;
        }
        for (int at = 0; at < length; at++) {
            if (held.charAt(offset + at) != stop.charAt(at)) {
                return false;
            }
        }
        return true;
    }
}
