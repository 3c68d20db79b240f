package dev.quern.text;

import java.util.Arrays;

/**
 * Remembers the ids of words, for text repeats itself. All keys lie in one character array and all ids in one int
 * array; when either or the table is full, everything is forgotten and collected anew.
 */
final class WordCache {
    /** Longer words are not kept: they rarely come twice. */
    static final int LONGEST_WORD = 48;

    private static final int ENTRIES = 1 << 15;
    private static final int SLOTS = ENTRIES * 2;
    private static final int POOL = 1 << 18;

    private final int[] slots = new int[SLOTS];
    private final int[] hashes = new int[ENTRIES];
    private final int[] keyEnds = new int[ENTRIES + 1];
    private final int[] idEnds = new int[ENTRIES + 1];
    private final char[] keys = new char[POOL];
    private final int[] ids = new int[POOL];
    private int count;

    WordCache() {
        forget();
    }

    /** Adds the ids of the word to {@code target} if they are known, and says whether they are. */
    boolean lookup(char[] text, int start, int end, IntBuffer target) {
        if (end - start > LONGEST_WORD) {
            return false;
        }
        int hash = hash(text, start, end);
        for (int slot = hash & (SLOTS - 1); slots[slot] >= 0; slot = (slot + 1) & (SLOTS - 1)) {
            int entry = slots[slot];
            if (hashes[entry] == hash && isKey(entry, text, start, end)) {
                target.addAll(ids, idEnds[entry], idEnds[entry + 1] - idEnds[entry]);
                return true;
            }
        }
        return false;
    }

    /** Remembers that a word, which is not known yet, has the ids of {@code source} from {@code fromId} to its end. */
    void remember(char[] text, int start, int end, IntBuffer source, int fromId) {
        int length = end - start;
        int idCount = source.size() - fromId;
        if (length > LONGEST_WORD || idCount > 4 * LONGEST_WORD) {
            return;
        }
        if (count == ENTRIES || keyEnds[count] + length > POOL || idEnds[count] + idCount > POOL) {
            forget();
        }
        int entry = count++;
        System.arraycopy(text, start, keys, keyEnds[entry], length);
        keyEnds[entry + 1] = keyEnds[entry] + length;
        System.arraycopy(source.backing(), fromId, ids, idEnds[entry], idCount);
        idEnds[entry + 1] = idEnds[entry] + idCount;
        hashes[entry] = hash(text, start, end);
        int slot = hashes[entry] & (SLOTS - 1);
        while (slots[slot] >= 0) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        slots[slot] = entry;
    }

    private void forget() {
        Arrays.fill(slots, -1);
        count = 0;
    }

    private boolean isKey(int entry, char[] text, int start, int end) {
        int key = keyEnds[entry];
        if (keyEnds[entry + 1] - key != end - start) {
            return false;
        }
        for (int at = start; at < end; at++) {
            if (keys[key++] != text[at]) {
                return false;
            }
        }
        return true;
    }

    private static int hash(char[] text, int start, int end) {
        int hash = end - start;
        for (int at = start; at < end; at++) {
            hash = (hash ^ text[at]) * 0x01000193;
        }
        return hash ^ (hash >>> 15);
    }
}
