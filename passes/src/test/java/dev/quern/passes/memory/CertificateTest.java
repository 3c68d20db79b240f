package dev.quern.passes.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a certificate may claim, and how it is told to people. */
class CertificateTest {
    /**
     * Ten buffers of which each step taken alone would fit 128 bytes, and no plan does: the numbers of the golden file
     * {@code gap.qir}.
     */
    private static final List<Buffer> TEN = List.of(
            new Buffer("a", 48, 0, 2),
            new Buffer("b", 48, 1, 3),
            new Buffer("c", 32, 2, 4),
            new Buffer("d", 32, 3, 6),
            new Buffer("e", 32, 4, 7),
            new Buffer("f", 32, 4, 4),
            new Buffer("g", 16, 5, 5),
            new Buffer("h", 48, 6, 7),
            new Buffer("i", 16, 6, 6),
            new Buffer("j", 48, 7, 7));

    /**
     * Orders of ten buffers are more than the search tries. What was not tried may be smaller for all that is known.
     */
    @Test
    void noMoreIsClaimedThanWasTried() {
        Certificate plan = Arena.place(TEN, 16);
        assertEquals(128, plan.lowerBoundBytes());
        assertEquals(144, plan.arenaBytes());
        assertFalse(plan.optimal(), "the search gave up, so it cannot say that no plan is smaller");
        assertFalse(plan.summary().contains("no plan is smaller"), plan.summary());
    }

    /** Where every order was tried, the claim is made although the arena is above the bound. */
    @Test
    void whatWasProvedIsClaimed() {
        List<Buffer> few = List.of(
                new Buffer("a", 3, 0, 1),
                new Buffer("b", 3, 1, 3),
                new Buffer("c", 2, 2, 4),
                new Buffer("d", 2, 3, 5),
                new Buffer("e", 4, 5, 6),
                new Buffer("f", 3, 4, 5));
        for (int count = 1; count <= few.size(); count++) {
            Certificate plan = Arena.place(few.subList(0, count), 1);
            assertTrue(plan.optimal());
            assertEquals(
                    plan.arenaBytes() > plan.lowerBoundBytes(), plan.summary().endsWith("and no plan is smaller"));
        }
    }

    /** A set that no order of thumb places well and the search does: the golden file {@code searched.qir}. */
    @Test
    void theSearchFindsWhatTheRulesOfThumbDoNot() {
        List<Buffer> buffers = List.of(
                new Buffer("a", 32, 0, 2),
                new Buffer("b", 64, 1, 1),
                new Buffer("c", 32, 1, 2),
                new Buffer("d", 48, 2, 3),
                new Buffer("e", 16, 3, 3),
                new Buffer("f", 64, 3, 3));
        Certificate plan = Arena.place(buffers, 16);
        assertEquals(128, plan.arenaBytes());
        assertTrue(plan.optimal());
    }

    /**
     * Many buffers at once: the swaps that follow a search that gave up only ever make the arena smaller, and never too
     * small.
     */
    @Test
    void manyBuffersAreStillPlacedNearTheBound() {
        List<Buffer> many = new ArrayList<>();
        for (int index = 0; index < 60; index++) {
            int first = index * 7 % 50;
            many.add(new Buffer("b" + index, 16L * (1 + index * 5 % 11), first, first + index % 9));
        }
        Certificate plan = Arena.place(many, 16);
        assertTrue(plan.gapPercent() < 5, plan.summary());
        assertTrue(plan.arenaBytes() >= plan.lowerBoundBytes());
        assertEquals(plan.arenaBytes() == plan.lowerBoundBytes(), plan.optimal());
    }

    @Test
    void theLowerBoundIsTheLargestLiveSet() {
        List<Buffer> buffers = List.of(new Buffer("a", 10, 0, 2), new Buffer("b", 20, 2, 4), new Buffer("c", 25, 3, 5));
        Certificate plan = Arena.place(buffers, 16);
        // At step 3 live b and c: 32 + 32 bytes aligned, 45 as they are; at step 2 a and b, 48 and 30.
        assertEquals(64, plan.lowerBoundBytes());
        assertEquals(45, plan.rawBoundBytes());
        assertEquals(64, plan.arenaBytes());
    }

    @Test
    void aTableTellsWhatLiesWhereAndWhy() {
        Certificate plan = new Certificate(
                16,
                112,
                112,
                100,
                true,
                List.of(
                        new Placed(new Buffer("%long_name", 48, 0, 1), 0),
                        new Placed(new Buffer("%b", 16, 1, 3), 48),
                        new Placed(new Buffer("%c", 33, 2, 3), 0),
                        new Placed(new Buffer("%d", 1000, 4, 4), 64)));
        assertEquals("""
            offset  bytes  from    to  buffer
                 0     48     0     1  %long_name
                 0     33     2     3  %c          reuses %long_name
                48     16     1     3  %b          above %long_name, %c
                64   1000     4     4  %d
            """, plan.table());
    }

    /** The gap is rounded up, so that one that is there is never told as none. */
    @Test
    void aGapIsRoundedUp() {
        assertEquals(
                "arena 100001 bytes, lower bound 100000 bytes, gap 0.1 %",
                new Certificate(1, 100_001, 100_000, 1, false, List.of()).summary());
        assertEquals(
                "arena 150 bytes, lower bound 100 bytes, gap 50.0 %",
                new Certificate(1, 150, 100, 1, false, List.of()).summary());
        assertEquals(
                "arena 223 bytes, lower bound 200 bytes, gap 11.5 %",
                new Certificate(1, 223, 200, 1, false, List.of()).summary());
    }

    @Test
    void theLowestGapIsTakenOrTheNarrowest() {
        // Free from 0 to 8, and from 16 to 20.
        List<Placed> placed = List.of(
                new Placed(new Buffer("a", 8, 0, 9), 8),
                new Placed(new Buffer("b", 8, 0, 9), 20),
                new Placed(new Buffer("gone", 100, 0, 1), 0));
        assertEquals(0, Fit.FIRST.offset(new Buffer("x", 4, 2, 3), placed, 1));
        assertEquals(16, Fit.BEST.offset(new Buffer("x", 4, 2, 3), placed, 1));
        assertEquals(0, Fit.BEST.offset(new Buffer("x", 5, 2, 3), placed, 1));
        assertEquals(0, Fit.FIRST.offset(new Buffer("x", 8, 2, 3), placed, 1));
        assertEquals(28, Fit.FIRST.offset(new Buffer("x", 9, 2, 3), placed, 1));
        assertEquals(28, Fit.BEST.offset(new Buffer("x", 9, 2, 3), placed, 1));
        assertEquals(
                100, Fit.FIRST.offset(new Buffer("x", 9, 1, 3), placed, 1), "the one that is gone later lives yet");
        // Of equal gaps the lowest.
        List<Placed> equal = List.of(new Placed(new Buffer("a", 4, 0, 9), 4), new Placed(new Buffer("b", 4, 0, 9), 12));
        assertEquals(0, Fit.BEST.offset(new Buffer("x", 4, 2, 3), equal, 1));
    }

    @Test
    void breadthIsTheMostThatLivesBesideABuffer() {
        Buffer a = new Buffer("a", 10, 0, 2);
        Buffer b = new Buffer("b", 20, 2, 4);
        Buffer c = new Buffer("c", 40, 4, 6);
        Buffer d = new Buffer("d", 5, 7, 7);
        var breadths = LiveSets.breadths(List.of(a, b, c, d), 1);
        assertEquals(30, breadths.get(a));
        assertEquals(60, breadths.get(b));
        assertEquals(60, breadths.get(c));
        assertEquals(5, breadths.get(d));
    }
}
