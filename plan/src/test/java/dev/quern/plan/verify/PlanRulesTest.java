package dev.quern.plan.verify;

import static dev.quern.plan.verify.PlanRule.*;
import static dev.quern.plan.verify.ResourceRuleCases.RING;
import static dev.quern.plan.verify.ResourceRuleCases.TOKENS_SYMBOL;
import static dev.quern.plan.verify.StepRuleCases.LAST_REGION;
import static dev.quern.plan.verify.StepRuleCases.LOGITS_GRID;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.plan.EntryPoint;
import dev.quern.plan.MemoryCertificate;
import dev.quern.plan.Plan;
import dev.quern.plan.SmallPlan;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every rule, from both sides: what breaks it breaks exactly what is named here, and what just keeps it breaks nothing.
 * The cases stand by subject in {@link ResourceRuleCases} and {@link StepRuleCases}.
 */
class PlanRulesTest {
    private static Stream<RuleCase> broken() {
        return Stream.concat(ResourceRuleCases.broken().stream(), StepRuleCases.broken().stream());
    }

    private static Stream<RuleCase> kept() {
        return Stream.concat(ResourceRuleCases.kept().stream(), StepRuleCases.kept().stream());
    }

    @ParameterizedTest
    @MethodSource("broken")
    void whatBreaksARuleIsFoundAndNothingElseIs(RuleCase broken) {
        List<PlanProblem> problems = PlanVerifier.check(broken.plan());
        assertEquals(broken.rules(), rules(problems), () -> problems.toString());
    }

    @Test
    void everyRuleIsBroken() {
        Set<PlanRule> rules = EnumSet.allOf(PlanRule.class);
        broken().forEach(each -> rules.removeAll(each.rules()));
        rules.removeAll(Set.of(SYMBOL_BOUND, GRID_AXES));
        assertEquals(Set.of(), rules);
    }

    /**
     * The reader of plans refuses these before the verifier is asked; a plan that was just made may break them all the
     * same.
     */
    @Test
    void whatNoTextCanSayIsFoundToo() {
        Plan plan = SmallPlan.plan();
        assertEquals(Set.of(), rules(PlanVerifier.check(with(plan, new Plan.Symbol("rows", 1), grid(1, 1)))));
        assertEquals(
                Set.of(SYMBOL_BOUND), rules(PlanVerifier.check(with(plan, new Plan.Symbol("rows", 0), grid(1, 1)))));
        Plan.Symbol rows = new Plan.Symbol("rows", 1);
        assertEquals(Set.of(GRID_LIMIT), rules(PlanVerifier.check(with(plan, rows, grid(1, 0)))));
        assertEquals(
                Set.of(GRID_AXES),
                rules(PlanVerifier.check(with(plan, rows, grid(1, 1).subList(0, 2)))));
    }

    private static List<EntryPoint.Extent> grid(long factor, long divisor) {
        return List.of(
                new EntryPoint.Extent(EntryPoint.TOKENS, factor, divisor),
                EntryPoint.Extent.fixed(1),
                EntryPoint.Extent.fixed(1));
    }

    /** The plan with one more symbol, and another grid of the first step of prefill. */
    private static Plan with(Plan plan, Plan.Symbol symbol, List<EntryPoint.Extent> grid) {
        EntryPoint.Step step = plan.entryPoint(EntryPoint.PREFILL).steps().getFirst();
        return new Plan(
                plan.profile(),
                List.of(plan.symbols().getFirst(), symbol),
                plan.buffers(),
                plan.weights(),
                plan.kernels(),
                List.of(
                        new EntryPoint(
                                EntryPoint.PREFILL,
                                List.of(
                                        new EntryPoint.Step(step.label(), step.kernel(), step.bindings(), grid),
                                        plan.entryPoint(EntryPoint.PREFILL)
                                                .steps()
                                                .get(1))),
                        plan.entryPoint(EntryPoint.STEP),
                        plan.entryPoint(EntryPoint.PICK)),
                plan.memory());
    }

    @ParameterizedTest
    @MethodSource("kept")
    void whatJustKeepsTheRulesIsValid(RuleCase kept) {
        assertEquals(List.of(), PlanVerifier.problems(kept.plan()));
    }

    /** What a runtime asks for by its role depends on what the plan can run. */
    @Test
    void onlyWhatIsRunNeedsItsBuffers() {
        Plan plan = SmallPlan.plan();
        for (int run = 0; run < 8; run++) {
            int chosen = run;
            boolean prefill = (chosen & 1) != 0;
            boolean step = (chosen & 2) != 0;
            boolean pick = (chosen & 4) != 0;
            var entryPoints = plan.entryPoints().stream()
                    .filter(entry -> switch (entry.name()) {
                        case "prefill" -> prefill;
                        case "step" -> step;
                        default -> pick;
                    })
                    .map(entry -> new EntryPoint(entry.name(), List.of()))
                    .toList();
            var bare = new Plan(
                    plan.profile(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    entryPoints,
                    new MemoryCertificate(0, 0, List.of()));
            List<String> roles = PlanVerifier.problems(bare).stream()
                    .filter(problem -> problem.startsWith("expected one buffer with the role "))
                    .map(problem -> problem.substring("expected one buffer with the role ".length()))
                    .toList();
            boolean any = prefill || step || pick;
            List<String> expected = Stream.of("tokens", "position", "logits", "ring")
                    .filter(role -> switch (role) {
                        case "logits" -> step || pick;
                        case "ring" -> pick;
                        default -> any;
                    })
                    .map(role -> role + ", found 0")
                    .toList();
            assertEquals(expected, roles);
            assertEquals(prefill, PlanVerifier.problems(bare).contains("prefill needs a symbol named tokens"));
        }
    }

    @Test
    void problemsStandAtWhatIsWrong() {
        assertEquals(
                new PlanPlace.OfBuffer(6),
                place(
                        RING,
                        RING
                                + ", {\"name\": \"keys\", \"role\": \"state\", \"bytes\": 6144, \"encoding\": \"f16\", \"columns\": 128}",
                        0));
        assertEquals(new PlanPlace.OfWeight(1), place("\"name\": \"head\"", "\"name\": \"table\"", 0));
        assertEquals(
                new PlanPlace.OfWeight(0),
                place("\"name\": \"table\"", "\"name\": \"keys\"", 0),
                "buffers are counted before weights");
        assertEquals(new PlanPlace.OfSymbol(1), place(TOKENS_SYMBOL, TOKENS_SYMBOL + ", " + TOKENS_SYMBOL, 0));
        assertEquals(new PlanPlace.OfStep(1, 2), place(LOGITS_GRID, "\"grid\": [0, 1, 1]", 0));
        assertEquals(
                new PlanPlace.OfBinding(new PlanPlace.OfStep(1, 2), 1),
                place("[\"head\", 0, 4096]", "[\"head\", 0, 4080]", 0));
        assertEquals(
                new PlanPlace.OfRegion(3),
                place(LAST_REGION, LAST_REGION.replace("\"last_step\": 2", "\"last_step\": 3"), 0));
    }

    private static PlanPlace place(String found, String replacement, int index) {
        return PlanVerifier.check(new RuleCase(Set.of(), List.of(found, replacement)).plan())
                .get(index)
                .place();
    }

    private static Set<PlanRule> rules(List<PlanProblem> problems) {
        return problems.stream().map(PlanProblem::rule).collect(Collectors.toSet());
    }
}
