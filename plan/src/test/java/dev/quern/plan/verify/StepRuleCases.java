package dev.quern.plan.verify;

import static dev.quern.plan.verify.PlanRule.*;
import static dev.quern.plan.verify.RuleCase.HEAD;
import static dev.quern.plan.verify.RuleCase.breaks;
import static dev.quern.plan.verify.RuleCase.keeps;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Cases for the rules on what a plan runs: kernels, steps, grids, and the memory that steps share. */
final class StepRuleCases {
    static final String LOGITS_GRID = "\"grid\": [4, 1, 1]";
    static final String LAST_REGION =
            "\"value\": \"mixed\", \"offset\": 1024, \"bytes\": 1024, \"first_step\": 1, \"last_step\": 2}";

    private StepRuleCases() {}

    static List<RuleCase> broken() {
        return List.of(
                // Kernels.
                breaks(STORAGE_BUFFERS, "\"kernels\": [", "\"kernels\": [" + kernel("read", 5, "read_write", 4) + ", "),
                breaks(STORAGE_TEXTURES, "\"kernels\": [", "\"kernels\": [" + kernel("texture", 5, "read", 0) + ", "),
                breaks(
                        SAMPLED_TEXTURES,
                        "\"kernels\": [",
                        "\"kernels\": [" + kernel("sampled_texture", 17, "read", 0) + ", "),
                breaks(
                        SUBGROUPS,
                        "[\"read_write\", \"read\", \"read_write\"], \"features\": []",
                        "[\"read_write\", \"read\", \"read_write\"], \"features\": [\"subgroups\"]"),
                // Steps.
                breaks(KERNEL_THERE, "\"kernel\": \"project\"", "\"kernel\": \"projekt\""),
                breaks(BINDING_COUNT, "[\"head\", 0, 4096], ", ""),
                breaks(RESOURCE_THERE, "[\"head\", 0, 4096]", "[\"tail\", 0, 4096]"),
                breaks(
                        BUFFER_ACCESS,
                        "[\"read_write\", \"read_write\", \"read_write\", \"read\"]",
                        "[\"read_write\", \"read_write\", \"read_write\", \"texture\"]"),
                breaks(
                        BUFFER_ACCESS,
                        "[\"read_write\", \"read_write\", \"read_write\", \"read\"]",
                        "[\"read_write\", \"read_write\", \"read_write\", \"sampled_texture\"]"),
                breaks(BINDING_OFFSET, "[\"keys\", 0, 6144]", "[\"keys\", 128, 6016]"),
                breaks(BINDING_SIZE, "[\"keys\", 0, 6144]", "[\"keys\", 0, 6142]"),
                breaks(BINDING_SIZE, "[\"keys\", 0, 6144]", "[\"keys\", 0, 0]"),
                breaks(BINDING_WITHIN, "[\"keys\", 0, 6144]", "[\"keys\", 256, 5892]"),
                breaks(BINDING_WITHIN, "[\"keys\", 0, 6144]", "[\"keys\", 6400, 4]"),
                breaks(
                        BINDING_LIMIT,
                        "\"max_storage_buffer_binding_size\": 134217728",
                        "\"max_storage_buffer_binding_size\": 6140"),
                breaks(WEIGHT_WHOLE, "[\"head\", 0, 4096]", "[\"head\", 0, 4080]"),
                breaks(WEIGHT_WHOLE, "[\"head\", 0, 4096]", "[\"head\", 256, 4096]"),
                breaks(
                        WEIGHT_ACCESS,
                        "[\"read_write\", \"read\", \"read_write\"]",
                        "[\"read_write\", \"read_write\", \"read_write\"]"),
                breaks(
                        WEIGHT_ACCESS,
                        "[\"read\", \"texture\", \"read_write\"]",
                        "[\"read\", \"sampled_texture\", \"read_write\"]"),
                // Of a uniform: the position has 4 bytes, the head may have no more than 65,536.
                breaks(
                        UNIFORM_SIZE,
                        "[\"read_write\", \"read_write\", \"read_write\", \"read\"]",
                        "[\"read_write\", \"read_write\", \"read_write\", \"uniform\"]"),
                breaks(
                        UNIFORM_SIZE,
                        "[\"read_write\", \"read\", \"read_write\"]",
                        "[\"read_write\", \"uniform\", \"read_write\"]",
                        HEAD,
                        "\"bytes\": 65552, \"segments\": [[0, 163840, 65552]]",
                        "[\"head\", 0, 4096]",
                        "[\"head\", 0, 65552]"),
                breaks(ONE_ACCESS, "[\"head\", 0, 4096]", "[\"arena\", 0, 1024]"),
                breaks(WRITES_DISJOINT, "[\"arena\", 1024, 1024], [\"keys\"", "[\"arena\", 768, 1024], [\"keys\""),
                // Grids.
                breaks(
                        GRID_SYMBOL,
                        LOGITS_GRID,
                        "\"grid\": [{\"symbol\": \"tokens\", \"factor\": 1, \"divisor\": 1}, 1, 1]"),
                breaks(GRID_LIMIT, LOGITS_GRID, "\"grid\": [0, 1, 1]"),
                breaks(GRID_LIMIT, LOGITS_GRID, "\"grid\": [1, 1, 65536]"),
                breaks(GRID_LIMIT, "\"factor\": 3, \"divisor\": 2", "\"factor\": 65535, \"divisor\": 3"),
                breaks(
                        GRID_LIMIT,
                        "\"factor\": 3, \"divisor\": 2",
                        "\"factor\": 9223372036854775807, \"divisor\": 9223372036854775807"),
                // Memory.
                breaks(ARENA_SIZE, "\"arena_bytes\": 2048", "\"arena_bytes\": 2052"),
                breaks(
                        Set.of(REGION_WITHIN, LOWER_BOUND),
                        LAST_REGION,
                        LAST_REGION.replace("\"bytes\": 1024", "\"bytes\": 1028")),
                breaks(Set.of(REGION_LIFE), LAST_REGION, LAST_REGION.replace("\"last_step\": 2", "\"last_step\": 3")),
                breaks(
                        Set.of(REGION_LIFE),
                        LAST_REGION,
                        LAST_REGION.replace(
                                "\"first_step\": 1, \"last_step\": 2", "\"first_step\": 2, \"last_step\": 1")),
                breaks(REGION_DISJOINT, LAST_REGION, LAST_REGION.replace("\"offset\": 1024", "\"offset\": 1020")),
                breaks(LOWER_BOUND, "\"lower_bound_bytes\": 2048", "\"lower_bound_bytes\": 2044"));
    }

    static List<RuleCase> kept() {
        return List.of(
                keeps("\"kernels\": [", "\"kernels\": [" + kernel("read", 5, "read_write", 3) + ", "),
                keeps("\"kernels\": [", "\"kernels\": [" + kernel("texture", 4, "read_write", 8) + ", "),
                keeps("\"kernels\": [", "\"kernels\": [" + kernel("sampled_texture", 16, "texture", 4) + ", "),
                keeps(
                        "\"subgroup_size\": 0",
                        "\"subgroup_size\": 1",
                        "\"features\": []",
                        "\"features\": [\"subgroups\"]"),
                keeps("\"max_storage_buffer_binding_size\": 134217728", "\"max_storage_buffer_binding_size\": 6144"),
                keeps("[\"keys\", 0, 6144]", "[\"keys\", 256, 5888]"),
                keeps("[\"keys\", 0, 6144]", "[\"keys\", 0, 4]"),
                // Two that are only read may be one; parts that touch do not overlap, in either order.
                keeps(
                        "[\"arena\", 0, 1024], [\"arena\", 1024, 1024], [\"keys\"",
                        "[\"arena\", 1024, 1024], [\"arena\", 0, 1024], [\"keys\""),
                keeps(
                        "[\"read_write\", \"read\", \"read_write\"]",
                        "[\"read\", \"read\", \"read_write\"]",
                        "[\"head\", 0, 4096]",
                        "[\"arena\", 1024, 1024]"),
                keeps(
                        "[\"read_write\", \"read\", \"read_write\"]",
                        "[\"read_write\", \"uniform\", \"read_write\"]",
                        HEAD,
                        "\"bytes\": 65536, \"segments\": [[0, 163840, 65536]]",
                        "[\"head\", 0, 4096]",
                        "[\"head\", 0, 65536]"),
                keeps(LOGITS_GRID, "\"grid\": [65535, 1, 1]"),
                keeps("\"factor\": 3, \"divisor\": 2", "\"factor\": 65535, \"divisor\": 4"),
                keeps("\"factor\": 3, \"divisor\": 2", "\"factor\": 1, \"divisor\": 4"),
                keeps(
                        "\"arena_bytes\": 2048",
                        "\"arena_bytes\": 2048",
                        "\"role\": \"arena\", \"bytes\": 2048",
                        "\"role\": \"arena\", \"bytes\": 2052"),
                // One value's place is free for the next at the step behind its last.
                keeps(
                        "{\"entry_point\": \"step\", \"value\": \"row\", \"offset\": 0, \"bytes\": 1024,"
                                + " \"first_step\": 0, \"last_step\": 1}",
                        "{\"entry_point\": \"step\", \"value\": \"row\", \"offset\": 1024, \"bytes\": 1024,"
                                + " \"first_step\": 0, \"last_step\": 0}"));
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
}
