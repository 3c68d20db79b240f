package dev.quern.passes.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Places buffers with known lifetimes into one arena (dynamic storage allocation, which is NP-hard).
 *
 * <p>First a portfolio of greedy placements: the buffers sorted by size, by duration, by area (size times duration), by
 * breadth (the most that lives beside them) and by first use, each placed at the lowest gap that is wide enough and at
 * the narrowest one. Where the best of these lies above the lower bound, a search over orders follows: depth first with
 * cuts, which is exhaustive for a few buffers, then swaps that do not make things worse. Both count steps and never
 * look at a clock: the same buffers always get the same places.
 */
public final class Arena {
    private static final int SEARCH_STEPS = 20_000;
    private static final int SWAP_STEPS = 2_000;
    /** Pairs of buffers that a search may compare, so that hundreds of buffers take a second and not a minute. */
    private static final long PAIRS = 50_000_000;

    private final List<Buffer> buffers;
    private final long alignment;
    private final long bound;
    private List<Placed> best = List.of();
    private long bestBytes = Long.MAX_VALUE;
    private int searchSteps;
    private boolean exhausted;

    private Arena(List<Buffer> buffers, long alignment) {
        this.buffers = List.copyOf(buffers);
        this.alignment = alignment;
        this.bound = LiveSets.largest(buffers, alignment);
    }

    /**
     * Places the buffers.
     *
     * @param alignment of every offset in bytes, at least 1
     * @return the places, in the order of the buffers, with what is known of their quality
     */
    public static Certificate place(List<Buffer> buffers, long alignment) {
        if (alignment < 1) {
            throw new IllegalArgumentException("an alignment is at least 1, not " + alignment);
        }
        Arena arena = new Arena(buffers, alignment);
        arena.portfolio();
        if (arena.bestBytes > arena.bound) {
            arena.search();
        }
        if (arena.bestBytes > arena.bound && !arena.exhausted) {
            arena.swap();
        }
        return new Certificate(
                alignment,
                arena.bestBytes,
                arena.bound,
                LiveSets.largest(buffers, 1),
                arena.bestBytes == arena.bound || arena.exhausted,
                arena.inOrder());
    }

    /** The best places in the order of the buffers; equal buffers are interchangeable. */
    private List<Placed> inOrder() {
        List<Placed> rest = new ArrayList<>(best);
        List<Placed> places = new ArrayList<>();
        for (Buffer buffer : buffers) {
            int index = 0;
            while (!rest.get(index).buffer().equals(buffer)) {
                index++;
            }
            places.add(rest.remove(index));
        }
        return places;
    }

    private void portfolio() {
        Comparator<Buffer> bySize = Comparator.comparingLong(buffer -> -buffer.alignedBytes(alignment));
        Comparator<Buffer> byDuration = Comparator.comparingInt(buffer -> -duration(buffer));
        Comparator<Buffer> byArea =
                Comparator.comparingDouble(buffer -> -(double) duration(buffer) * buffer.alignedBytes(alignment));
        Map<Buffer, Long> breadths = LiveSets.breadths(buffers, alignment);
        Comparator<Buffer> byBreadth = Comparator.comparingLong(buffer -> -breadths.getOrDefault(buffer, 0L));
        Comparator<Buffer> byFirstUse = Comparator.comparingInt(Buffer::firstUse);
        List<Comparator<Buffer>> orders = List.of(
                bySize.thenComparing(byDuration),
                byDuration.thenComparing(bySize),
                byArea,
                byBreadth.thenComparing(bySize),
                byFirstUse.thenComparing(bySize));
        for (Comparator<Buffer> order : orders) {
            List<Buffer> sorted = new ArrayList<>(buffers);
            sorted.sort(order);
            for (Fit fit : Fit.values()) {
                keep(placeAll(sorted, fit));
                if (bestBytes == bound) {
                    return;
                }
            }
        }
    }

    private static int duration(Buffer buffer) {
        return buffer.lastUse() - buffer.firstUse() + 1;
    }

    /**
     * Every order of first-fit placements, cut where a part is no better than the best whole, until the steps are used
     * up.
     */
    private void search() {
        searchSteps = (int) Math.min(SEARCH_STEPS, PAIRS / 10 / buffers.size());
        List<Buffer> rest = new ArrayList<>(order(best));
        descend(new ArrayList<>(), rest, 0);
        exhausted = searchSteps > 0;
    }

    private void descend(List<Placed> placed, List<Buffer> rest, long bytes) {
        if (rest.isEmpty()) {
            keep(placed);
            return;
        }
        for (int index = 0; index < rest.size(); index++) {
            if (searchSteps <= 0 || bestBytes == bound) {
                return;
            }
            searchSteps--;
            Buffer buffer = rest.remove(index);
            long offset = Fit.FIRST.offset(buffer, placed, alignment);
            long top = Math.max(bytes, offset + buffer.alignedBytes(alignment));
            if (top < bestBytes) {
                placed.addLast(new Placed(buffer, offset));
                descend(placed, rest, top);
                placed.removeLast();
            }
            rest.add(index, buffer);
        }
    }

    /** Swaps two buffers in the order of placement and keeps the swap where the arena does not grow. */
    private void swap() {
        List<Buffer> order = order(best);
        long current = bestBytes;
        long state = 0x9E3779B97F4A7C15L;
        long steps = Math.min(SWAP_STEPS, PAIRS / ((long) order.size() * order.size()));
        for (long step = 0; step < steps && bestBytes > bound; step++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            int i = (int) Long.remainderUnsigned(state >>> 33, order.size());
            state = state * 6364136223846793005L + 1442695040888963407L;
            int j = (int) Long.remainderUnsigned(state >>> 33, order.size());
            Collections.swap(order, i, j);
            List<Placed> placed = placeAll(order, Fit.FIRST);
            long bytes = bytes(placed);
            if (bytes <= current) {
                current = bytes;
                keep(placed);
            } else {
                Collections.swap(order, i, j);
            }
        }
    }

    /**
     * The buffers from the bottom of the arena up: placed in this order by first fit, they lie at least as low again.
     */
    private static List<Buffer> order(List<Placed> placed) {
        List<Placed> sorted = new ArrayList<>(placed);
        sorted.sort(Comparator.comparingLong(Placed::offset));
        return new ArrayList<>(sorted.stream().map(Placed::buffer).toList());
    }

    private List<Placed> placeAll(List<Buffer> order, Fit fit) {
        List<Placed> placed = new ArrayList<>();
        for (Buffer buffer : order) {
            placed.add(new Placed(buffer, fit.offset(buffer, placed, alignment)));
        }
        return placed;
    }

    private void keep(List<Placed> placed) {
        long bytes = bytes(placed);
        if (bytes < bestBytes) {
            bestBytes = bytes;
            best = List.copyOf(placed);
        }
    }

    private long bytes(List<Placed> placed) {
        long bytes = 0;
        for (Placed one : placed) {
            bytes = Math.max(bytes, Math.addExact(one.offset(), one.buffer().alignedBytes(alignment)));
        }
        return bytes;
    }
}
