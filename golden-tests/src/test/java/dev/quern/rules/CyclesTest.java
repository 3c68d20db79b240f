package dev.quern.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What needs each other is one thing in two places. */
final class CyclesTest {
    /** The command's packages are left out: some of them still need each other. */
    private static final JavaClasses CLASSES =
            ProductClasses.ALL.that(not(resideInAPackage("dev.quern.cli..")).as("outside of the command"));

    @Test
    void packagesDoNotNeedEachOther() {
        slices().matching("dev.quern.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void classesOfTheCodeGeneratorDoNotNeedEachOther() {
        Map<String, Set<String>> needs = new TreeMap<>();
        for (JavaClass each : CLASSES.that(resideInAPackage("dev.quern.codegen.."))) {
            needs.computeIfAbsent(file(each), _ -> new TreeSet<>())
                    .addAll(each.getDirectDependenciesFromSelf().stream()
                            .map(dependency -> file(dependency.getTargetClass()))
                            .toList());
        }
        assertTrue(needs.size() > 20, needs.keySet()::toString);
        Set<String> pairs = new TreeSet<>();
        needs.forEach((one, needed) -> needed.stream()
                .filter(other -> one.compareTo(other) < 0)
                .filter(other -> needs.getOrDefault(other, Set.of()).contains(one))
                .forEach(other -> pairs.add(one + " and " + other)));
        assertEquals(Set.of(), pairs);
    }

    /** The name of the class that has a file of its own. */
    private static String file(JavaClass nested) {
        JavaClass outer = nested.getBaseComponentType();
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer.getName();
    }
}
