package dev.quern.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.SmallPlan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How far one can go back where states hold the last positions only. */
class RingsTest {
    private static final int CHUNK = 4;

    /** What a ring holds, position by position, as one goes on and back at random. */
    @Test
    void holdsWhereTheWindowIsThere() {
        for (int window = 1; window <= 9; window++) {
            int rows = window + CHUNK - 1;
            var rings = new Rings(rows, CHUNK);
            for (int written = 0; written <= 40; written++) {
                // The position that each row holds.
                int[] held = new int[rows];
                for (int position = 0; position < written; position++) {
                    held[position % rows] = position;
                }
                for (int next = 0; next <= written; next++) {
                    boolean there = true;
                    for (int seen = Math.max(0, next - window + 1); seen < next; seen++) {
                        there &= held[seen % rows] == seen;
                    }
                    // One that does not see itself alone sees the position before it: a window of one needs nothing.
                    if (rings.hold(next, written)) {
                        assertTrue(there, "window " + window + ", " + written + " written, back to " + next);
                    } else {
                        assertTrue(
                                !there || window == 1 || next == 0,
                                "window " + window + ", " + written + " written, back to " + next);
                    }
                }
            }
        }
    }

    @Test
    void statesOfAllPositionsHoldWhateverWasWritten() {
        assertTrue(Rings.NONE.hold(0, Integer.MAX_VALUE));
        assertEquals(Long.MAX_VALUE, Rings.of(SmallPlan.plan(), CHUNK).rows(), "a plan without windows");
    }

    private static List<Integer> tokens(int count) {
        List<Integer> tokens = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            tokens.add(id);
        }
        return tokens;
    }

    private static HeldTokens reading(int count) {
        var held = new HeldTokens(new Rings(10, CHUNK));
        tokens(count).forEach(held::append);
        return held;
    }

    @Test
    void aTextIsKeptAsFarAsItsWindowIs() {
        assertEquals(29, reading(30).keep(tokens(30)));
        assertEquals(30, reading(30).keep(tokens(50)));
        assertEquals(26, reading(30).keep(tokens(27)), "a chunk back");
        assertEquals(0, reading(30).keep(tokens(26)), "further back the window is gone");
        assertEquals(4, reading(10).keep(tokens(5)), "nothing was overwritten yet");
        assertEquals(0, reading(11).keep(tokens(5)));
    }

    /** Steps that ran too far have overwritten rows, though their tokens count for nothing. */
    @Test
    void whatWasWrittenBehindTheEndCounts() {
        HeldTokens held = reading(30);
        held.wrote(34);
        assertEquals(30, held.keep(tokens(31)));
        held.wrote(35);
        assertEquals(0, held.keep(tokens(31)));
        assertEquals(0, held.size());
    }

    /** Going back does not bring back what is gone; reading from the start does. */
    @Test
    void goingBackTwiceIsNoFurther() {
        HeldTokens held = reading(30);
        assertEquals(27, held.keep(tokens(28)));
        assertEquals(0, held.keep(tokens(25)));
        tokens(12).forEach(held::append);
        assertEquals(8, held.keep(tokens(9)));
        HeldTokens cleared = reading(30);
        cleared.clear();
        tokens(9).forEach(cleared::append);
        assertEquals(3, cleared.keep(tokens(4)));
        assertFalse(new Rings(10, CHUNK).hold(3, 30));
    }
}
