package dev.quern.passes.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ArenaTest {

    @Property(tries = 200)
    void buffersThatLiveTogetherShareNoByte(
            @ForAll("buffers") List<Buffer> buffers, @ForAll("alignments") long alignment) {
        Certificate plan = Arena.place(buffers, alignment);
        assertEquals(buffers, plan.places().stream().map(Placed::buffer).toList());
        for (int index = 0; index < buffers.size(); index++) {
            Placed placed = plan.places().get(index);
            assertEquals(0, placed.offset() % alignment);
            assertTrue(placed.offset() + placed.buffer().bytes() <= plan.arenaBytes());
            for (Placed other : plan.places().subList(0, index)) {
                boolean apart = placed.offset() + placed.buffer().bytes() <= other.offset()
                        || other.offset() + other.buffer().bytes() <= placed.offset();
                assertTrue(!placed.buffer().meets(other.buffer()) || apart, plan::table);
            }
        }
        assertTrue(plan.rawBoundBytes() <= plan.lowerBoundBytes());
        assertTrue(plan.lowerBoundBytes() <= plan.arenaBytes());
        assertEquals(plan, Arena.place(buffers, alignment), "the same buffers get the same places");
    }

    /** Where everything can be tried, nothing smaller exists, and the certificate says so. */
    @Property(tries = 100)
    void fewBuffersArePlacedAsWellAsTheyCanBe(@ForAll("fewBuffers") List<Buffer> buffers) {
        Certificate plan = Arena.place(buffers, 1);
        assertEquals(smallest(buffers, new ArrayList<>()), plan.arenaBytes());
        assertTrue(plan.optimal());
    }

    /** Each buffer in turn on the floor or on top of one that is placed, in every order: contains a best plan. */
    private static long smallest(List<Buffer> rest, List<Placed> placed) {
        if (rest.isEmpty()) {
            return placed.stream()
                    .mapToLong(p -> p.offset() + p.buffer().bytes())
                    .max()
                    .orElse(0);
        }
        long smallest = Long.MAX_VALUE;
        for (int index = 0; index < rest.size(); index++) {
            List<Buffer> others = new ArrayList<>(rest);
            Buffer buffer = others.remove(index);
            List<Long> offsets = new ArrayList<>(List.of(0L));
            placed.forEach(p -> offsets.add(p.offset() + p.buffer().bytes()));
            for (long offset : offsets) {
                boolean free = placed.stream()
                        .noneMatch(p -> p.buffer().meets(buffer)
                                && offset < p.offset() + p.buffer().bytes()
                                && p.offset() < offset + buffer.bytes());
                if (free) {
                    List<Placed> more = new ArrayList<>(placed);
                    more.add(new Placed(buffer, offset));
                    smallest = Math.min(smallest, smallest(others, more));
                }
            }
        }
        return smallest;
    }

    @Example
    void nothingNeedsNothing() {
        Certificate plan = Arena.place(List.of(), 256);
        assertEquals(0, plan.arenaBytes());
        assertEquals(0, plan.gapPercent());
        assertEquals("arena 0 bytes = lower bound (largest live set)", plan.summary());
    }

    @Example
    void aGapIsNamedInPercent() {
        Certificate plan = new Certificate(1, 10_001, 10_000, 10_000, false, List.of());
        assertEquals("arena 10001 bytes, lower bound 10000 bytes, gap 0.1 %", plan.summary());
        Certificate best = new Certificate(1, 15, 10, 10, true, List.of());
        assertEquals("arena 15 bytes, lower bound 10 bytes, gap 50.0 %, and no plan is smaller", best.summary());
    }

    @Example
    void sizesThatOverflowAreRefused() {
        List<Buffer> huge = List.of(new Buffer("a", Long.MAX_VALUE, 0, 1), new Buffer("b", 1, 0, 1));
        assertThrows(ArithmeticException.class, () -> Arena.place(huge, 1));
        assertThrows(IllegalArgumentException.class, () -> Arena.place(List.of(), 0));
        assertThrows(IllegalArgumentException.class, () -> new Buffer("a", 0, 0, 1));
        assertFalse(new Buffer("a", 1, 0, 1).meets(new Buffer("b", 1, 2, 3)));
    }

    @Provide
    Arbitrary<List<Buffer>> buffers() {
        return buffer(20).list().ofMaxSize(30);
    }

    @Provide
    Arbitrary<List<Buffer>> fewBuffers() {
        return buffer(5).list().ofMaxSize(5);
    }

    @Provide
    Arbitrary<Long> alignments() {
        return Arbitraries.of(1L, 4L, 32L, 256L);
    }

    private static Arbitrary<Buffer> buffer(int steps) {
        Arbitrary<Integer> first = Arbitraries.integers().between(0, steps);
        Arbitrary<Integer> duration = Arbitraries.integers().between(0, steps / 2);
        return Combinators.combine(Arbitraries.longs().between(1, 12), first, duration)
                .as((bytes, from, length) -> new Buffer("b", bytes, from, from + length));
    }
}
