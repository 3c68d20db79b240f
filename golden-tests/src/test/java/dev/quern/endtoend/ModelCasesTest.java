package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.endtoend.Covering.Pair;
import dev.quern.endtoend.ModelCases.Case;
import dev.quern.plan.DeviceProfile;
import dev.quern.reference.RandomBlocks;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The differential suite leaves nothing out, and is not large. */
class ModelCasesTest {
    @Test
    void everyTwoValuesMeet() {
        int[] extents = {4, 3, 5, 2};
        List<int[]> together =
                List.of(new int[] {0, 1}, new int[] {0, 2}, new int[] {1, 2}, new int[] {0, 3}, new int[] {2, 3});
        List<int[]> rows = Covering.rows(extents, together);
        Set<Pair> met = new HashSet<>();
        rows.forEach(row -> met.addAll(Covering.pairs(row)));
        for (int[] settings : together) {
            for (int first = 0; first < extents[settings[0]]; first++) {
                for (int second = 0; second < extents[settings[1]]; second++) {
                    assertTrue(met.contains(new Pair(settings[0], first, settings[1], second)));
                }
            }
        }
        assertTrue(rows.size() <= 26, () -> rows.size() + " rows, where 20 is the least");
    }

    @Test
    void everyEncodingMeetsEveryProfileTiedAndNot() {
        Set<String> expected = new TreeSet<>();
        Set<String> found = new TreeSet<>();
        RandomBlocks.encodings().forEach(encoding -> {
            String name = ModelCases.type(encoding).name();
            DeviceProfile.ALL.forEach(profile -> expected.add(name + " " + profile.name()));
            expected.add(name + " tied");
            expected.add(name + " with an output matrix");
        });
        ModelCases.all().filter(each -> each.recipe().exceptions().isEmpty()).forEach(each -> {
            found.add(each.recipe() + " " + each.profile().name());
            found.add(each.recipe() + (each.shape().tied() ? " tied" : " with an output matrix"));
        });
        assertEquals(expected, found);
    }

    @Test
    void namesAreDistinctAndFew() {
        List<Case> cases = ModelCases.all().toList();
        assertEquals(cases.size(), cases.stream().map(Case::toString).distinct().count());
        assertTrue(cases.size() <= 80, () -> cases.size() + " models take too long");
    }
}
