package dev.quern.plan.verify;

import static dev.quern.plan.verify.PlanRule.*;
import static dev.quern.plan.verify.RuleCase.HEAD;
import static dev.quern.plan.verify.RuleCase.breaks;
import static dev.quern.plan.verify.RuleCase.keeps;

import java.util.List;
import java.util.Set;

/** Cases for the rules on what a plan is made of: names, buffers, weights. */
final class ResourceRuleCases {
    static final String TOKENS_SYMBOL = "{\"name\": \"tokens\", \"max\": 4}";
    static final String RING = "{\"name\": \"ring\", \"role\": \"ring\", \"bytes\": 24}";
    private static final String TABLE = "\"bytes\": 163840, \"segments\": [[0, 0, 163840]]";

    private ResourceRuleCases() {}

    static List<RuleCase> broken() {
        return List.of(
                // Names.
                breaks(SYMBOL_ONCE, TOKENS_SYMBOL, TOKENS_SYMBOL + ", " + TOKENS_SYMBOL),
                breaks(
                        KERNEL_ONCE,
                        "\"kernels\": [",
                        "\"kernels\": [{\"name\": \"pick\", \"entry_point\": \"main\", \"bindings\": [], \"features\":"
                                + " [], \"file\": \"kernels/pick.wgsl\"}, "),
                breaks(
                        ENTRY_POINT_ONCE,
                        "\"entry_points\": [",
                        "\"entry_points\": [{\"name\": \"pick\", \"steps\": []}, "),
                breaks(
                        ENTRY_POINT_KNOWN,
                        "\"entry_points\": [",
                        "\"entry_points\": [{\"name\": \"decode\", \"steps\": []}, "),
                breaks(
                        RESOURCE_ONCE,
                        RING,
                        RING
                                + ", {\"name\": \"keys\", \"role\": \"state\", \"bytes\": 6144, \"encoding\": \"f16\", \"columns\": 128}"),
                // Buffers.
                breaks(BUFFER_SIZE, RING, RING + ", {\"name\": \"none\", \"role\": \"arena\", \"bytes\": 0}"),
                breaks(BUFFER_SIZE, RING, RING + ", {\"name\": \"odd\", \"role\": \"arena\", \"bytes\": 6}"),
                breaks(
                        BUFFER_LIMIT,
                        RING,
                        RING
                                + ", {\"name\": \"large\", \"role\": \"state\", \"bytes\": 268435460, \"encoding\": \"f16\", \"columns\": 2}"),
                breaks(STATE_ROWS, RING, RING + ", {\"name\": \"bare\", \"role\": \"state\", \"bytes\": 8}"),
                breaks(
                        STATE_ROWS,
                        RING,
                        RING
                                + ", {\"name\": \"uneven\", \"role\": \"state\", \"bytes\": 12, \"encoding\": \"f16\", \"columns\": 3}"),
                breaks(
                        STATE_ROWS,
                        RING,
                        RING
                                + ", {\"name\": \"half a block\", \"role\": \"state\", \"bytes\": 36, \"encoding\": \"q8_0\", \"columns\": 48}"),
                breaks(
                        STATE_ROWS,
                        RING,
                        RING
                                + ", {\"name\": \"unpadded\", \"role\": \"state\", \"bytes\": 68, \"encoding\": \"q8_0\", \"columns\": 32}"),
                breaks(
                        STATE_ROWS,
                        RING,
                        RING
                                + ", {\"name\": \"short\", \"role\": \"state\", \"bytes\": 8, \"encoding\": \"f16\", \"columns\": 8}"),
                breaks(STATE_ROWS, RING, RING.replace("}", ", \"encoding\": \"f16\", \"columns\": 2}")),
                breaks(ROLE_ONCE, RING, RING + ", {\"name\": \"second\", \"role\": \"ring\", \"bytes\": 24}"),
                breaks(ROLE_ONCE, RING, RING + ", {\"name\": \"second\", \"role\": \"tokens\", \"bytes\": 16}"),
                breaks(ROLE_ONCE, RING, RING + ", {\"name\": \"second\", \"role\": \"position\", \"bytes\": 4}"),
                breaks(ROLE_ONCE, RING, RING + ", {\"name\": \"second\", \"role\": \"logits\", \"bytes\": 4}"),
                breaks(ROLE_ONCE, "\"role\": \"ring\"", "\"role\": \"arena\""),
                breaks(ROLE_ONCE, "\"role\": \"logits\"", "\"role\": \"arena\""),
                breaks(ROLE_ONCE, "\"role\": \"position\"", "\"role\": \"arena\""),
                breaks(ROLE_ONCE, "\"role\": \"tokens\"", "\"role\": \"arena\""),
                breaks(
                        ROLE_SIZE,
                        "\"role\": \"tokens\", \"bytes\": 16",
                        "\"role\": \"tokens\", \"bytes\": 12",
                        "[\"tokens\", 0, 16]",
                        "[\"tokens\", 0, 12]"),
                breaks(
                        Set.of(PREFILL_TOKENS, GRID_SYMBOL_THERE),
                        "\"symbols\": [" + TOKENS_SYMBOL + "]",
                        "\"symbols\": []"),
                // Weights.
                breaks(
                        WEIGHT_SIZE,
                        HEAD,
                        "\"bytes\": 4104, \"segments\": [[0, 163840, 4104]]",
                        "[\"head\", 0, 4096]",
                        "[\"head\", 0, 4104]"),
                breaks(
                        WEIGHT_LIMIT,
                        HEAD,
                        "\"bytes\": 134217744, \"segments\": [[0, 163840, 134217744]]",
                        "[\"head\", 0, 4096]",
                        "[\"head\", 0, 134217744]"),
                breaks(
                        WEIGHT_LIMIT,
                        "\"max_storage_buffer_binding_size\": 134217728, \"max_buffer_size\": 268435456",
                        "\"max_storage_buffer_binding_size\": 134217728, \"max_buffer_size\": 8192",
                        HEAD,
                        "\"bytes\": 8208, \"segments\": [[0, 163840, 8208]]",
                        "[\"head\", 0, 4096]",
                        "[\"head\", 0, 8208]"),
                breaks(TEXTURE_LIMIT, "\"max_texture_dimension_2d\": 8192", "\"max_texture_dimension_2d\": 4095"),
                breaks(
                        TEXTURE_LIMIT,
                        "\"max_texture_dimension_2d\": 8192",
                        "\"max_texture_dimension_2d\": 4096",
                        TABLE,
                        "\"bytes\": 268435472, \"segments\": [[0, 0, 268435472]]",
                        "[\"table\", 0, 163840]",
                        "[\"table\", 0, 268435472]"),
                breaks(SEGMENT_OFFSET, "[0, 163840, 4096]", "[0, 163848, 4096]"),
                breaks(SEGMENT_OFFSET, "[0, 163840, 4096]", "[0, 163840, 4096], [1, 0, 0]"),
                breaks(SEGMENT_ROWS, "[[0, 0, 163840]]", "[[0, 0, 65280], [0, 65280, 98560]]"),
                breaks(SEGMENT_SUM, "[0, 163840, 4096]", "[0, 163840, 4080]"));
    }

    static List<RuleCase> kept() {
        return List.of(
                keeps(TOKENS_SYMBOL, TOKENS_SYMBOL + ", {\"name\": \"rows\", \"max\": 1}"),
                keeps(
                        RING,
                        RING
                                + ", {\"name\": \"least\", \"role\": \"state\", \"bytes\": 4, \"encoding\": \"f16\", \"columns\": 2}"),
                keeps(
                        RING,
                        RING
                                + ", {\"name\": \"most\", \"role\": \"state\", \"bytes\": 268435456, \"encoding\": \"f16\", \"columns\": 2}"),
                // A second arena belongs to the first; states may be as many as there are.
                keeps(RING, RING + ", {\"name\": \"arena2\", \"role\": \"arena\", \"bytes\": 256}"),
                keeps(
                        HEAD,
                        "\"bytes\": 134217728, \"segments\": [[0, 163840, 134217728]]",
                        "[\"head\", 0, 4096]",
                        "[\"head\", 0, 134217728]"),
                keeps("\"max_texture_dimension_2d\": 8192", "\"max_texture_dimension_2d\": 4096"),
                keeps(
                        "\"max_texture_dimension_2d\": 8192",
                        "\"max_texture_dimension_2d\": 4096",
                        TABLE,
                        "\"bytes\": 268435456, \"segments\": [[0, 0, 268435456]]",
                        "[\"table\", 0, 163840]",
                        "[\"table\", 0, 268435456]"),
                // Whole rows of a texture but for the last part; a buffer has none.
                keeps("[[0, 0, 163840]]", "[[0, 0, 65536], [1, 0, 98304]]"),
                keeps("[[0, 163840, 4096]]", "[[0, 163840, 16], [0, 164096, 4080]]"));
    }
}
