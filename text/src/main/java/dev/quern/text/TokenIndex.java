package dev.quern.text;

import java.util.Arrays;
import java.util.List;

/**
 * Finds the id of a token by its text, where the text is a range of a character array: no string is made to ask. An
 * open-addressing hash table; all texts lie one behind the other, so that a look touches few places of memory.
 */
final class TokenIndex {
    /** The answer where no token has the text. */
    static final int MISSING = -1;

    private final char[] characters;
    private final int[] starts;

    /** Two numbers a slot: the hash of a text and its id. */
    private final int[] slots;

    private final int mask;
    private final int longest;

    /** An index over these texts; of two that are equal the first is found. */
    TokenIndex(List<String> texts) {
        starts = new int[texts.size() + 1];
        int total = 0;
        int length = 0;
        for (int id = 0; id < texts.size(); id++) {
            total += texts.get(id).length();
            length = Math.max(length, texts.get(id).length());
            starts[id + 1] = total;
        }
        longest = length;
        characters = new char[total];
        int capacity = Integer.highestOneBit(Math.max(4, texts.size())) * 4;
        slots = new int[2 * capacity];
        mask = capacity - 1;
        Arrays.fill(slots, MISSING);
        for (int id = 0; id < texts.size(); id++) {
            texts.get(id).getChars(0, texts.get(id).length(), characters, starts[id]);
            int hash = hash(characters, starts[id], starts[id + 1]);
            int slot = slot(hash, characters, starts[id], starts[id + 1] - starts[id]);
            if (slots[slot + 1] == MISSING) {
                slots[slot] = hash;
                slots[slot + 1] = id;
            }
        }
    }

    /** The id of the token with this text, or {@link #MISSING}. */
    int find(String text) {
        return find(text.toCharArray(), 0, text.length());
    }

    /** The id of the token whose text is the characters from {@code start} to {@code end}, or {@link #MISSING}. */
    int find(char[] text, int start, int end) {
        int length = end - start;
        if (length > longest) {
            return MISSING;
        }
        return slots[slot(hash(text, start, end), text, start, length) + 1];
    }

    /** Where the text stands in the table, or the free place at which it would. */
    private int slot(int hash, char[] text, int start, int length) {
        int at = spread(hash) & mask;
        while (slots[2 * at + 1] != MISSING
                && (slots[2 * at] != hash || !isText(slots[2 * at + 1], text, start, length))) {
            at = (at + 1) & mask;
        }
        return 2 * at;
    }

    private boolean isText(int id, char[] text, int start, int length) {
        int from = starts[id];
        if (starts[id + 1] - from != length) {
            return false;
        }
        for (int at = 0; at < length; at++) {
            if (characters[from + at] != text[start + at]) {
                return false;
            }
        }
        return true;
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

    private static int hash(char[] text, int start, int end) {
        int hash = 0;
        for (int at = start; at < end; at++) {
            hash = 31 * hash + text[at];
        }
        return hash;
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 15);
    }
}
