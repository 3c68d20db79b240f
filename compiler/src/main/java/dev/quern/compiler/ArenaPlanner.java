package dev.quern.compiler;

import dev.quern.codegen.ArenaLayout;
import dev.quern.codegen.Selection;
import dev.quern.ir.Function;
import dev.quern.ir.Value;
import dev.quern.passes.memory.MemoryPlan;
import dev.quern.passes.memory.MemoryPlanner;
import dev.quern.passes.memory.Placed;
import dev.quern.plan.MemoryCertificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Plans the arenas that all functions of a module share. The functions run one after another, so each arena is as large
 * as the largest that a function asks for; one arena suffices unless {@link ArenaColours} keeps values apart.
 */
public final class ArenaPlanner {
    private ArenaPlanner() {}

    /**
     * The smallest of the layouts that differ in where values go that may lie anywhere: all of them in one of the
     * arenas, or each in the arena of the value of its name in a function where that one may not. The latter makes the
     * functions of a model use their arenas alike, so that none is large for one function alone.
     */
    public static ArenaLayout plan(Selection selection) {
        List<ArenaColours> colours = selection.module().functions().stream()
                .map(function -> new ArenaColours(function, selection))
                .toList();
        Map<String, Integer> alike = new LinkedHashMap<>();
        colours.forEach(ofFunction -> ofFunction.constrained().forEach(alike::putIfAbsent));
        ArenaLayout best = plan(selection, colours, Map.of(), 0);
        int arenas = best.arenas().size();
        for (int free = 0; free < arenas; free++) {
            if (free > 0) {
                best = smaller(best, plan(selection, colours, Map.of(), free));
            }
            best = smaller(best, plan(selection, colours, alike, free));
        }
        return best;
    }

    private static ArenaLayout smaller(ArenaLayout one, ArenaLayout other) {
        return other.certificate().arenaBytes() < one.certificate().arenaBytes() ? other : one;
    }

    private static ArenaLayout plan(
            Selection selection, List<ArenaColours> colours, Map<String, Integer> free, int otherwise) {
        List<Map<Integer, MemoryPlan>> plans = new ArrayList<>();
        List<Long> sizes = new ArrayList<>();
        List<Function> functions = selection.module().functions();
        for (int index = 0; index < functions.size(); index++) {
            Function function = functions.get(index);
            Map<Value, Integer> ofFunction = colours.get(index).colours(free, otherwise);
            Map<Integer, MemoryPlan> byColour = new LinkedHashMap<>();
            for (int colour : ofFunction.values().stream().distinct().sorted().toList()) {
                MemoryPlan plan = MemoryPlanner.plan(
                        function,
                        MemoryPlanner.DEFAULT_ALIGNMENT,
                        value -> !Objects.equals(ofFunction.get(value), colour));
                byColour.put(colour, plan);
                while (sizes.size() <= colour) {
                    sizes.add(0L);
                }
                sizes.set(colour, Math.max(sizes.get(colour), plan.certificate().arenaBytes()));
            }
            plans.add(byColour);
        }
        List<Long> starts = new ArrayList<>();
        long total = 0;
        for (long size : sizes) {
            starts.add(total);
            total += Math.ceilDiv(size, MemoryPlanner.DEFAULT_ALIGNMENT) * MemoryPlanner.DEFAULT_ALIGNMENT;
        }
        Map<String, Map<String, Long>> offsets = new LinkedHashMap<>();
        List<MemoryCertificate.Region> regions = new ArrayList<>();
        for (int index = 0; index < functions.size(); index++) {
            String name = functions.get(index).name();
            Map<String, Long> ofFunction = new LinkedHashMap<>();
            plans.get(index).forEach((colour, plan) -> {
                long start = starts.get(colour);
                plan.regions().forEach((value, region) -> ofFunction.put(value.name(), start + region.offset()));
                for (Placed placed : plan.certificate().places()) {
                    regions.add(new MemoryCertificate.Region(
                            name,
                            abridged(placed.buffer().name()),
                            start + placed.offset(),
                            placed.buffer().bytes(),
                            placed.buffer().firstUse(),
                            placed.buffer().lastUse()));
                }
            });
            offsets.put(name, ofFunction);
        }
        return new ArenaLayout(offsets, starts, new MemoryCertificate(total, largestLiveSet(regions), regions));
    }

    /** The stream between layers is written in place by every layer: of so many names, the first and the last. */
    private static String abridged(String names) {
        String between = " = ";
        int first = names.indexOf(between);
        int last = names.lastIndexOf(between);
        return first == last ? names : names.substring(0, first) + " = … = " + names.substring(last + between.length());
    }

    /**
     * Over all functions and steps, the largest sum of sizes that are live at one time: whatever the arenas, none can
     * be smaller.
     */
    private static long largestLiveSet(List<MemoryCertificate.Region> regions) {
        long largest = 0;
        for (MemoryCertificate.Region at : regions) {
            long live = 0;
            for (MemoryCertificate.Region other : regions) {
                if (other.entryPoint().equals(at.entryPoint())
                        && other.firstStep() <= at.firstStep()
                        && at.firstStep() <= other.lastStep()) {
                    live += other.bytes();
                }
            }
            largest = Math.max(largest, live);
        }
        return largest;
    }
}
