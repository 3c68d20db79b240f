package dev.quern.plan.verify;

import dev.quern.plan.BufferSpec;
import dev.quern.plan.MemoryCertificate.Region;
import dev.quern.plan.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rules of the memory certificate. */
final class MemoryVerifier {
    private MemoryVerifier() {}

    static List<PlanProblem> problems(Plan plan) {
        var problems = new ArrayList<PlanProblem>();
        var memory = plan.memory();
        long arena = plan.buffers().stream()
                .filter(buffer -> buffer.role() == BufferSpec.Role.ARENA)
                .mapToLong(BufferSpec::bytes)
                .sum();
        if (memory.arenaBytes() > arena) {
            problems.add(new PlanProblem(
                    PlanRule.ARENA_SIZE,
                    new PlanPlace.OfMemory(),
                    "the certificate's arenas have " + memory.arenaBytes() + " bytes, but their buffers have "
                            + arena));
        }
        Map<String, Integer> steps = new HashMap<>();
        plan.entryPoints()
                .forEach(entry -> steps.put(entry.name(), entry.steps().size()));
        var regions = memory.regions();
        long bound = 0;
        for (int i = 0; i < regions.size(); i++) {
            var region = regions.get(i);
            var place = new PlanPlace.OfRegion(i);
            String what = region.entryPoint() + " value " + region.value();
            if (region.offset() < 0 || region.bytes() <= 0 || region.bytes() > memory.arenaBytes() - region.offset()) {
                problems.add(new PlanProblem(
                        PlanRule.REGION_WITHIN,
                        place,
                        what + " lies at offset " + region.offset() + " with " + region.bytes()
                                + " bytes, outside of the arenas' " + memory.arenaBytes()));
            }
            if (region.firstStep() < 0
                    || region.lastStep() < region.firstStep()
                    || region.lastStep() >= steps.getOrDefault(region.entryPoint(), 0)) {
                problems.add(new PlanProblem(
                        PlanRule.REGION_LIFE,
                        place,
                        what + " is live from step " + region.firstStep() + " to " + region.lastStep()
                                + ", which the entry point does not have"));
            }
            for (var other : regions.subList(0, i)) {
                if (liveTogether(region, other) && overlap(region, other)) {
                    problems.add(new PlanProblem(
                            PlanRule.REGION_DISJOINT,
                            place,
                            what + " overlaps " + other.value() + " while both are live"));
                }
            }
            // A live set is largest at a step where something begins to live.
            bound = Math.max(bound, liveAt(regions, region.entryPoint(), region.firstStep()));
        }
        if (bound != memory.lowerBoundBytes()) {
            problems.add(new PlanProblem(
                    PlanRule.LOWER_BOUND,
                    new PlanPlace.OfMemory(),
                    "the certificate says that at most " + memory.lowerBoundBytes()
                            + " bytes are live at one time, but its regions say " + bound));
        }
        return problems;
    }

    private static boolean liveTogether(Region one, Region other) {
        return one.entryPoint().equals(other.entryPoint())
                && one.firstStep() <= other.lastStep()
                && other.firstStep() <= one.lastStep();
    }

    private static boolean overlap(Region one, Region other) {
        return one.offset() < other.offset() + other.bytes() && other.offset() < one.offset() + one.bytes();
    }

    private static long liveAt(List<Region> regions, String entryPoint, int step) {
        return regions.stream()
                .filter(region -> region.entryPoint().equals(entryPoint)
                        && region.firstStep() <= step
                        && step <= region.lastStep())
                .mapToLong(Region::bytes)
                .sum();
    }
}
