package dev.quern.text;

import java.util.Arrays;
import java.util.List;

/**
 * Finds the id of a token by its text, where the text is a range of a character array: no string is made to ask. An open-addressing
 * hash table of ids.
 */
final class TokenIndex {
    /** The answer where no token has the text. */
    static final int MISSING = -1;

    private final List<String> texts;
    private final int[] slots;
    private final int mask;
    private final int longest;

    /** An index over these texts; of two that are equal the first is found. */
    TokenIndex(List<String> texts) {
        this.texts = texts;
        int capacity = Integer.highestOneBit(Math.max(4, texts.size())) * 4;
        this.slots = new int[capacity];
        this.mask = capacity - 1;
        Arrays.fill(slots, MISSING);
        int length = 0;
        for (int id = 0; id < texts.size(); id++) {
            String text = texts.get(id);
            length = Math.max(length, text.length());
            int slot = spread(text.hashCode()) & mask;
            while (slots[slot] != MISSING && !texts.get(slots[slot]).equals(text)) {
                slot = (slot + 1) & mask;
            }
            if (slots[slot] == MISSING) {
                slots[slot] = id;
            }
        }
        this.longest = length;
    }

    /** The id of the token with this text, or {@link #MISSING}. */
    int find(String text) {
        for (int slot = spread(text.hashCode()) & mask; slots[slot] != MISSING; slot = (slot + 1) & mask) {
            if (texts.get(slots[slot]).equals(text)) {
                return slots[slot];
            }
        }
        return MISSING;
    }

    /** The id of the token whose text is the characters from {@code start} to {@code end}, or {@link #MISSING}. */
    int find(char[] text, int start, int end) {
        int length = end - start;
        if (length > longest) {
            return MISSING;
        }
        // The same sum as String.hashCode, which the constructor used.
        int hash = 0;
        for (int at = start; at < end; at++) {
            hash = 31 * hash + text[at];
        }
        for (int slot = spread(hash) & mask; slots[slot] != MISSING; slot = (slot + 1) & mask) {
            String candidate = texts.get(slots[slot]);
            if (candidate.length() == length && matches(candidate, text, start)) {
                return slots[slot];
            }
        }
        return MISSING;
    }

    /** Whether the whole of {@code candidate} stands at {@code start}; the caller has made sure that there is room. */
    static boolean matches(String candidate, char[] text, int start) {
        for (int at = 0; at < candidate.length(); at++) {
            if (candidate.charAt(at) != text[start + at]) {
                return false;
            }
        }
        return true;
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 15);
    }
}
