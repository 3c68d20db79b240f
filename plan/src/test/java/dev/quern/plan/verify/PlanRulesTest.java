package dev.quern.plan.verify;

import static dev.quern.plan.verify.PlanRule.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.EntryPoint;
import dev.quern.plan.MemoryCertificate;
import dev.quern.plan.Plan;
import dev.quern.plan.SmallPlan;
import dev.quern.plan.bundle.Manifest;
import dev.quern.plan.bundle.PlanJson;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every rule, from both sides: what breaks it breaks exactly what is named here, and what just keeps it breaks nothing.
 * A case is the small plan's text with some parts replaced.
 */
class PlanRulesTest {
    private static final String TOKENS_SYMBOL = "{\"name\": \"tokens\", \"max\": 4}";
    private static final String RING = "{\"name\": \"ring\", \"role\": \"ring\", \"bytes\": 24}";
    private static final String HEAD = "\"bytes\": 4096, \"segments\": [[0, 163840, 4096]]";
    private static final String TABLE = "\"bytes\": 163840, \"segments\": [[0, 0, 163840]]";
    private static final String LOGITS_GRID = "\"grid\": [4, 1, 1]";
    private static final String LAST_REGION =
            "\"value\": \"mixed\", \"offset\": 1024, \"bytes\": 1024, \"first_step\": 1, \"last_step\": 2}";

    private static Stream<Arguments> broken() {
        return Stream.of(
                // Names.
                broken(SYMBOL_ONCE, TOKENS_SYMBOL, TOKENS_SYMBOL + ", " + TOKENS_SYMBOL),
                broken(
                        KERNEL_ONCE,
                        "\"kernels\": [",
                        "\"kernels\": [{\"name\": \"pick\", \"entry_point\": \"main\", \"bindings\": [], \"features\":"
                                + " [], \"file\": \"kernels/pick.wgsl\"}, "),
                broken(
                        ENTRY_POINT_ONCE,
                        "\"entry_points\": [",
                        "\"entry_points\": [{\"name\": \"pick\", \"steps\": []}, "),
                broken(
                        ENTRY_POINT_KNOWN,
                        "\"entry_points\": [",
                        "\"entry_points\": [{\"name\": \"decode\", \"steps\": []}, "),
                broken(
                        RESOURCE_ONCE,
                        RING,
                        RING
                                + ", {\"name\": \"keys\", \"role\": \"state\", \"bytes\": 6144, \"encoding\": \"f16\", \"columns\": 128}"),
                // Buffers.
                broken(BUFFER_SIZE, RING, RING + ", {\"name\": \"none\", \"role\": \"arena\", \"bytes\": 0}"),
                broken(BUFFER_SIZE, RING, RING + ", {\"name\": \"odd\", \"role\": \"arena\", \"bytes\": 6}"),
                broken(
                        BUFFER_LIMIT,
                        RING,
                        RING
                                + ", {\"name\": \"large\", \"role\": \"state\", \"bytes\": 268435460, \"encoding\": \"f16\", \"columns\": 2}"),
                broken(STATE_ROWS, RING, RING + ", {\"name\": \"bare\", \"role\": \"state\", \"bytes\": 8}"),
                broken(
                        STATE_ROWS,
                        RING,
                        RING
                                + ", {\"name\": \"uneven\", \"role\": \"state\", \"bytes\": 8, \"encoding\": \"f16\", \"columns\": 3}"),
                broken(
                        STATE_ROWS,
                        RING,
                        RING
                                + ", {\"name\": \"short\", \"role\": \"state\", \"bytes\": 8, \"encoding\": \"f16\", \"columns\": 8}"),
                broken(STATE_ROWS, RING, RING.replace("}", ", \"encoding\": \"f16\", \"columns\": 2}")),
                broken(ROLE_ONCE, RING, RING + ", {\"name\": \"second\", \"role\": \"ring\", \"bytes\": 24}"),
                broken(ROLE_ONCE, RING, RING + ", {\"name\": \"second\", \"role\": \"tokens\", \"bytes\": 16}"),
                broken(ROLE_ONCE, RING, RING + ", {\"name\": \"second\", \"role\": \"position\", \"bytes\": 4}"),
                broken(ROLE_ONCE, RING, RING + ", {\"name\": \"second\", \"role\": \"logits\", \"bytes\": 4}"),
                broken(ROLE_ONCE, "\"role\": \"ring\"", "\"role\": \"arena\""),
                broken(ROLE_ONCE, "\"role\": \"logits\"", "\"role\": \"arena\""),
                broken(ROLE_ONCE, "\"role\": \"position\"", "\"role\": \"arena\""),
                broken(ROLE_ONCE, "\"role\": \"tokens\"", "\"role\": \"arena\""),
                broken(
                        ROLE_SIZE,
                        "\"role\": \"tokens\", \"bytes\": 16",
                        "\"role\": \"tokens\", \"bytes\": 12",
                        "[\"tokens\", 0, 16]",
                        "[\"tokens\", 0, 12]"),
                broken(
                        Set.of(PREFILL_TOKENS, GRID_SYMBOL_THERE),
                        "\"symbols\": [" + TOKENS_SYMBOL + "]",
                        "\"symbols\": []"),
                // Weights.
                broken(
                        WEIGHT_SIZE,
                        HEAD,
                        "\"bytes\": 4104, \"segments\": [[0, 163840, 4104]]",
                        "[\"head\", 0, 4096]",
                        "[\"head\", 0, 4104]"),
                broken(
                        WEIGHT_LIMIT,
                        HEAD,
                        "\"bytes\": 134217744, \"segments\": [[0, 163840, 134217744]]",
                        "[\"head\", 0, 4096]",
                        "[\"head\", 0, 134217744]"),
                broken(
                        WEIGHT_LIMIT,
                        "\"max_storage_buffer_binding_size\": 134217728, \"max_buffer_size\": 268435456",
                        "\"max_storage_buffer_binding_size\": 134217728, \"max_buffer_size\": 8192",
                        HEAD,
                        "\"bytes\": 8208, \"segments\": [[0, 163840, 8208]]",
                        "[\"head\", 0, 4096]",
                        "[\"head\", 0, 8208]"),
                broken(TEXTURE_LIMIT, "\"max_texture_dimension_2d\": 8192", "\"max_texture_dimension_2d\": 4095"),
                broken(
                        TEXTURE_LIMIT,
                        "\"max_texture_dimension_2d\": 8192",
                        "\"max_texture_dimension_2d\": 4096",
                        TABLE,
                        "\"bytes\": 268435472, \"segments\": [[0, 0, 268435472]]",
                        "[\"table\", 0, 163840]",
                        "[\"table\", 0, 268435472]"),
                broken(SEGMENT_OFFSET, "[0, 163840, 4096]", "[0, 163848, 4096]"),
                broken(SEGMENT_OFFSET, "[0, 163840, 4096]", "[0, 163840, 4096], [1, 0, 0]"),
                broken(SEGMENT_ROWS, "[[0, 0, 163840]]", "[[0, 0, 65280], [0, 65280, 98560]]"),
                broken(SEGMENT_SUM, "[0, 163840, 4096]", "[0, 163840, 4080]"),
                // Kernels.
                broken(STORAGE_BUFFERS, "\"kernels\": [", "\"kernels\": [" + kernel("read", 5, "read_write", 4) + ", "),
                broken(STORAGE_TEXTURES, "\"kernels\": [", "\"kernels\": [" + kernel("texture", 5, "read", 0) + ", "),
                broken(
                        SAMPLED_TEXTURES,
                        "\"kernels\": [",
                        "\"kernels\": [" + kernel("sampled_texture", 17, "read", 0) + ", "),
                broken(
                        SUBGROUPS,
                        "[\"read_write\", \"read\", \"read_write\"], \"features\": []",
                        "[\"read_write\", \"read\", \"read_write\"], \"features\": [\"subgroups\"]"),
                // Steps.
                broken(KERNEL_THERE, "\"kernel\": \"project\"", "\"kernel\": \"projekt\""),
                broken(BINDING_COUNT, "[\"head\", 0, 4096], ", ""),
                broken(RESOURCE_THERE, "[\"head\", 0, 4096]", "[\"tail\", 0, 4096]"),
                broken(
                        BUFFER_ACCESS,
                        "[\"read_write\", \"read_write\", \"read_write\", \"read\"]",
                        "[\"read_write\", \"read_write\", \"read_write\", \"texture\"]"),
                broken(
                        BUFFER_ACCESS,
                        "[\"read_write\", \"read_write\", \"read_write\", \"read\"]",
                        "[\"read_write\", \"read_write\", \"read_write\", \"sampled_texture\"]"),
                broken(BINDING_OFFSET, "[\"keys\", 0, 6144]", "[\"keys\", 128, 6016]"),
                broken(BINDING_SIZE, "[\"keys\", 0, 6144]", "[\"keys\", 0, 6142]"),
                broken(BINDING_SIZE, "[\"keys\", 0, 6144]", "[\"keys\", 0, 0]"),
                broken(BINDING_WITHIN, "[\"keys\", 0, 6144]", "[\"keys\", 256, 5892]"),
                broken(BINDING_WITHIN, "[\"keys\", 0, 6144]", "[\"keys\", 6400, 4]"),
                broken(
                        BINDING_LIMIT,
                        "\"max_storage_buffer_binding_size\": 134217728",
                        "\"max_storage_buffer_binding_size\": 6140"),
                broken(WEIGHT_WHOLE, "[\"head\", 0, 4096]", "[\"head\", 0, 4080]"),
                broken(WEIGHT_WHOLE, "[\"head\", 0, 4096]", "[\"head\", 256, 4096]"),
                broken(
                        WEIGHT_ACCESS,
                        "[\"read_write\", \"read\", \"read_write\"]",
                        "[\"read_write\", \"read_write\", \"read_write\"]"),
                broken(
                        WEIGHT_ACCESS,
                        "[\"read\", \"texture\", \"read_write\"]",
                        "[\"read\", \"sampled_texture\", \"read_write\"]"),
                // Of a uniform: the position has 4 bytes, the head may have no more than 65,536.
                broken(
                        UNIFORM_SIZE,
                        "[\"read_write\", \"read_write\", \"read_write\", \"read\"]",
                        "[\"read_write\", \"read_write\", \"read_write\", \"uniform\"]"),
                broken(
                        UNIFORM_SIZE,
                        "[\"read_write\", \"read\", \"read_write\"]",
                        "[\"read_write\", \"uniform\", \"read_write\"]",
                        HEAD,
                        "\"bytes\": 65552, \"segments\": [[0, 163840, 65552]]",
                        "[\"head\", 0, 4096]",
                        "[\"head\", 0, 65552]"),
                broken(ONE_ACCESS, "[\"head\", 0, 4096]", "[\"arena\", 0, 1024]"),
                broken(WRITES_DISJOINT, "[\"arena\", 1024, 1024], [\"keys\"", "[\"arena\", 768, 1024], [\"keys\""),
                // Grids.
                broken(
                        GRID_SYMBOL,
                        LOGITS_GRID,
                        "\"grid\": [{\"symbol\": \"tokens\", \"factor\": 1, \"divisor\": 1}, 1, 1]"),
                broken(GRID_LIMIT, LOGITS_GRID, "\"grid\": [0, 1, 1]"),
                broken(GRID_LIMIT, LOGITS_GRID, "\"grid\": [1, 1, 65536]"),
                broken(GRID_LIMIT, "\"factor\": 3, \"divisor\": 2", "\"factor\": 65535, \"divisor\": 3"),
                broken(
                        GRID_LIMIT,
                        "\"factor\": 3, \"divisor\": 2",
                        "\"factor\": 9223372036854775807, \"divisor\": 9223372036854775807"),
                // Memory.
                broken(ARENA_SIZE, "\"arena_bytes\": 2048", "\"arena_bytes\": 2052"),
                broken(
                        Set.of(REGION_WITHIN, LOWER_BOUND),
                        LAST_REGION,
                        LAST_REGION.replace("\"bytes\": 1024", "\"bytes\": 1028")),
                broken(Set.of(REGION_LIFE), LAST_REGION, LAST_REGION.replace("\"last_step\": 2", "\"last_step\": 3")),
                broken(
                        Set.of(REGION_LIFE),
                        LAST_REGION,
                        LAST_REGION.replace(
                                "\"first_step\": 1, \"last_step\": 2", "\"first_step\": 2, \"last_step\": 1")),
                broken(REGION_DISJOINT, LAST_REGION, LAST_REGION.replace("\"offset\": 1024", "\"offset\": 1020")),
                broken(LOWER_BOUND, "\"lower_bound_bytes\": 2048", "\"lower_bound_bytes\": 2044"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void whatBreaksARuleIsFoundAndNothingElseIs(Set<PlanRule> rules, List<String> replacements) {
        List<PlanProblem> problems = PlanVerifier.check(changed(replacements));
        assertEquals(rules, rules(problems), () -> problems.toString());
    }

    @Test
    void everyRuleIsBroken() {
        Set<PlanRule> rules = EnumSet.allOf(PlanRule.class);
        broken().forEach(arguments -> rules.removeAll((Set<?>) arguments.get()[0]));
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

    private static Stream<List<String>> kept() {
        return Stream.of(
                List.of(TOKENS_SYMBOL, TOKENS_SYMBOL + ", {\"name\": \"rows\", \"max\": 1}"),
                List.of(
                        RING,
                        RING
                                + ", {\"name\": \"least\", \"role\": \"state\", \"bytes\": 4, \"encoding\": \"f16\", \"columns\": 2}"),
                List.of(
                        RING,
                        RING
                                + ", {\"name\": \"most\", \"role\": \"state\", \"bytes\": 268435456, \"encoding\": \"f16\", \"columns\": 2}"),
                // A second arena belongs to the first; states may be as many as there are.
                List.of(RING, RING + ", {\"name\": \"arena2\", \"role\": \"arena\", \"bytes\": 256}"),
                List.of(
                        HEAD,
                        "\"bytes\": 134217728, \"segments\": [[0, 163840, 134217728]]",
                        "[\"head\", 0, 4096]",
                        "[\"head\", 0, 134217728]"),
                List.of("\"max_texture_dimension_2d\": 8192", "\"max_texture_dimension_2d\": 4096"),
                List.of(
                        "\"max_texture_dimension_2d\": 8192",
                        "\"max_texture_dimension_2d\": 4096",
                        TABLE,
                        "\"bytes\": 268435456, \"segments\": [[0, 0, 268435456]]",
                        "[\"table\", 0, 163840]",
                        "[\"table\", 0, 268435456]"),
                // Whole rows of a texture but for the last part; a buffer has none.
                List.of("[[0, 0, 163840]]", "[[0, 0, 65536], [1, 0, 98304]]"),
                List.of("[[0, 163840, 4096]]", "[[0, 163840, 16], [0, 164096, 4080]]"),
                List.of("\"kernels\": [", "\"kernels\": [" + kernel("read", 5, "read_write", 3) + ", "),
                List.of("\"kernels\": [", "\"kernels\": [" + kernel("texture", 4, "read_write", 8) + ", "),
                List.of("\"kernels\": [", "\"kernels\": [" + kernel("sampled_texture", 16, "texture", 4) + ", "),
                List.of(
                        "\"subgroup_size\": 0",
                        "\"subgroup_size\": 1",
                        "\"features\": []",
                        "\"features\": [\"subgroups\"]"),
                List.of("\"max_storage_buffer_binding_size\": 134217728", "\"max_storage_buffer_binding_size\": 6144"),
                List.of("[\"keys\", 0, 6144]", "[\"keys\", 256, 5888]"),
                List.of("[\"keys\", 0, 6144]", "[\"keys\", 0, 4]"),
                // Two that are only read may be one; parts that touch do not overlap, in either order.
                List.of(
                        "[\"arena\", 0, 1024], [\"arena\", 1024, 1024], [\"keys\"",
                        "[\"arena\", 1024, 1024], [\"arena\", 0, 1024], [\"keys\""),
                List.of(
                        "[\"read_write\", \"read\", \"read_write\"]",
                        "[\"read\", \"read\", \"read_write\"]",
                        "[\"head\", 0, 4096]",
                        "[\"arena\", 1024, 1024]"),
                List.of(
                        "[\"read_write\", \"read\", \"read_write\"]",
                        "[\"read_write\", \"uniform\", \"read_write\"]",
                        HEAD,
                        "\"bytes\": 65536, \"segments\": [[0, 163840, 65536]]",
                        "[\"head\", 0, 4096]",
                        "[\"head\", 0, 65536]"),
                List.of(LOGITS_GRID, "\"grid\": [65535, 1, 1]"),
                List.of("\"factor\": 3, \"divisor\": 2", "\"factor\": 65535, \"divisor\": 4"),
                List.of("\"factor\": 3, \"divisor\": 2", "\"factor\": 1, \"divisor\": 4"),
                List.of(
                        "\"arena_bytes\": 2048",
                        "\"arena_bytes\": 2048",
                        "\"role\": \"arena\", \"bytes\": 2048",
                        "\"role\": \"arena\", \"bytes\": 2052"),
                // One value's place is free for the next at the step behind its last.
                List.of(
                        "{\"entry_point\": \"step\", \"value\": \"row\", \"offset\": 0, \"bytes\": 1024,"
                                + " \"first_step\": 0, \"last_step\": 1}",
                        "{\"entry_point\": \"step\", \"value\": \"row\", \"offset\": 1024, \"bytes\": 1024,"
                                + " \"first_step\": 0, \"last_step\": 0}"));
    }

    @ParameterizedTest
    @MethodSource("kept")
    void whatJustKeepsTheRulesIsValid(List<String> replacements) {
        assertEquals(List.of(), PlanVerifier.problems(changed(replacements)));
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
        return PlanVerifier.check(changed(List.of(found, replacement)))
                .get(index)
                .place();
    }

    private static Arguments broken(PlanRule rule, String... replacements) {
        return broken(Set.of(rule), replacements);
    }

    private static Arguments broken(Set<PlanRule> rules, String... replacements) {
        return Arguments.of(rules, List.of(replacements));
    }

    private static String kernel(String access, int count, String other, int others) {
        String bindings = Stream.concat(
                        Stream.generate(() -> access).limit(count),
                        Stream.generate(() -> other).limit(others))
                .map(each -> "\"" + each + "\"")
                .collect(Collectors.joining(", "));
        return "{\"name\": \"many\", \"entry_point\": \"main\", \"bindings\": [" + bindings
                + "], \"features\": [], \"file\": \"kernels/many.wgsl\"}";
    }

    private static Set<PlanRule> rules(List<PlanProblem> problems) {
        return problems.stream().map(PlanProblem::rule).collect(Collectors.toSet());
    }

    /** The small plan, with each text of even index replaced by the next wherever it stands. */
    private static Plan changed(List<String> replacements) {
        String text = PlanJson.write(SmallPlan.plan(), Manifest::kernelFile)
                .replaceAll("\\n *", " ")
                .replace("[ ", "[")
                .replace(" ]", "]");
        for (int at = 0; at < replacements.size(); at += 2) {
            String found = replacements.get(at);
            String before = text;
            assertTrue(before.contains(found), () -> found + " is not in " + before);
            text = text.replace(found, replacements.get(at + 1));
        }
        return PlanJson.read("plan.json", text, file -> "");
    }
}
