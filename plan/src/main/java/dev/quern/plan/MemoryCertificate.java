package dev.quern.plan;

import java.util.List;

/**
 * What the memory planner proved about the arenas. Offsets count through all arenas in the order of the plan, one
 * behind the other.
 *
 * @param arenaBytes the arenas' sizes together
 * @param lowerBoundBytes the largest sum of sizes that are live at one time: no plan can need less
 * @param regions every value in an arena
 */
public record MemoryCertificate(long arenaBytes, long lowerBoundBytes, List<Region> regions) {
    public MemoryCertificate {
        regions = List.copyOf(regions);
    }

    /** By how much the arena exceeds the bound, in percent; 0 is optimal. */
    public double gapPercent() {
        return lowerBoundBytes == 0 ? 0 : 100.0 * (arenaBytes - lowerBoundBytes) / lowerBoundBytes;
    }

    /**
     * A value's place.
     *
     * @param entryPoint in which it lives
     * @param value its name
     * @param offset bytes from the first arena's start
     * @param bytes its size
     * @param firstStep the step that writes it
     * @param lastStep the last step that reads it
     */
    public record Region(String entryPoint, String value, long offset, long bytes, int firstStep, int lastStep) {}
}
