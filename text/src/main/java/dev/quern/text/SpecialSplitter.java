package dev.quern.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds special tokens in text before anything else looks at it. The longest token goes first and takes all its
 * occurrences from left to right; the next looks only at what is left between.
 */
final class SpecialSplitter {
    /** What stands in a fragment that is still text. */
    static final int TEXT = -1;

    private final TokenTable table;
    private final int[] specials;

    /** Orders of the special tokens of one character, by that character. */
    private final int[][] single;

    /** Orders of the longer special tokens, by their first two characters. */
    private final int[][] longer;

    /** Three numbers a fragment: token or {@link #TEXT}, start, end. */
    private IntBuffer fragments = new IntBuffer();

    private IntBuffer spare = new IntBuffer();

    SpecialSplitter(TokenTable table) {
        this.table = table;
        List<Integer> found = new ArrayList<>();
        for (int id = 0; id < table.size(); id++) {
            if (table.is(id, TokenTable.CONTROL | TokenTable.USER_DEFINED | TokenTable.UNKNOWN)) {
                found.add(id);
            }
        }
        found.sort(Comparator.comparingInt((Integer id) -> -TokenText.length(table.text(id))));
        specials = new int[found.size()];
        for (int order = 0; order < specials.length; order++) {
            specials[order] = found.get(order);
        }
        single = new int[0x100][0];
        longer = new int[0x1000][0];
        for (int order = 0; order < specials.length; order++) {
            String wanted = table.text(specials[order]);
            if (wanted.length() == 1) {
                append(single, wanted.charAt(0) & 0xFF, order);
            } else {
                append(longer, pairSlot(wanted.charAt(0), wanted.charAt(1)), order);
            }
        }
    }

    /**
     * Cuts the text into fragments, which stand until the next call.
     *
     * @param marks says, by the same places, what was given: no control token is found there
     */
    void split(char[] text, MarkedText marks, boolean parseSpecial) {
        fragments.clear();
        if (text.length == 0) {
            return;
        }
        add(fragments, TEXT, 0, text.length);
        boolean[] present = present(text, marks, parseSpecial);
        for (int order = 0; order < present.length; order++) {
            if (present[order]) {
                cut(text, marks, specials[order]);
            }
        }
    }

    int count() {
        return fragments.size() / 3;
    }

    /** The token of a fragment, or {@link #TEXT}. */
    int token(int fragment) {
        return fragments.get(3 * fragment);
    }

    int start(int fragment) {
        return fragments.get(3 * fragment + 1);
    }

    int end(int fragment) {
        return fragments.get(3 * fragment + 2);
    }

    /** Which special tokens, by their order, stand in the text at all: one pass, so that plain text costs little. */
    private boolean[] present(char[] text, MarkedText marks, boolean parseSpecial) {
        boolean[] present = new boolean[specials.length];
        boolean any = false;
        for (int position = 0; position < text.length; position++) {
            any |= mark(single[text[position] & 0xFF], text, marks, position, parseSpecial, present);
            if (position + 1 < text.length) {
                int[] candidates = longer[pairSlot(text[position], text[position + 1])];
                any |= mark(candidates, text, marks, position, parseSpecial, present);
            }
        }
        return any ? present : NOTHING;
    }

    private boolean mark(
            int[] candidates, char[] text, MarkedText marks, int position, boolean parseSpecial, boolean[] present) {
        boolean any = false;
        for (int order : candidates) {
            if (!present[order]
                    && (parseSpecial || !isControl(specials[order]))
                    && standsAt(specials[order], text, marks, position, text.length)) {
                present[order] = true;
                any = true;
            }
        }
        return any;
    }

    private static final boolean[] NOTHING = new boolean[0];

    private void cut(char[] text, MarkedText marks, int token) {
        IntBuffer result = spare;
        result.clear();
        String wanted = table.text(token);
        char first = wanted.charAt(0);
        for (int fragment = 0; fragment < count(); fragment++) {
            int start = start(fragment);
            int end = end(fragment);
            if (token(fragment) != TEXT) {
                add(result, token(fragment), start, end);
                continue;
            }
            int position = start;
            while (position < end) {
                if (text[position] != first || !standsAt(token, text, marks, position, end)) {
                    position++;
                    continue;
                }
                add(result, TEXT, start, position);
                start = position + wanted.length();
                add(result, token, position, start);
                if (table.is(token, TokenTable.TRIMS_AFTER)) {
                    while (start < end && isAsciiSpace(text[start])) {
                        start++;
                    }
                }
                position = start;
            }
            add(result, TEXT, start, end);
        }
        spare = fragments;
        fragments = result;
    }

    private static void add(IntBuffer target, int token, int start, int end) {
        if (start < end) {
            target.add(token);
            target.add(start);
            target.add(end);
        }
    }

    private boolean isControl(int token) {
        return table.is(token, TokenTable.CONTROL | TokenTable.UNKNOWN);
    }

    private boolean standsAt(int token, char[] text, MarkedText marks, int position, int end) {
        String wanted = table.text(token);
        return wanted.length() <= end - position
                && TokenIndex.matches(wanted, text, position)
                && !(table.is(token, TokenTable.CONTROL | TokenTable.UNKNOWN | TokenTable.STEERS)
                        && marks.hasGiven(position, position + wanted.length()));
    }

    private static boolean isAsciiSpace(char unit) {
        return unit == ' ' || (unit >= '\t' && unit <= '\r');
    }

    private static int pairSlot(char first, char second) {
        return (first * 61 + second) & 0xFFF;
    }

    private static void append(int[][] slots, int slot, int order) {
        int[] orders = slots[slot];
        slots[slot] = Arrays.copyOf(orders, orders.length + 1);
        slots[slot][orders.length] = order;
    }
}
