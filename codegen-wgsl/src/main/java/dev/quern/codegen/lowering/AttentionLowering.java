package dev.quern.codegen.lowering;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.kernel.KernelNames;
import dev.quern.ir.Binding;
import dev.quern.ir.Grid;
import dev.quern.ir.Grid.Extent;
import dev.quern.ir.KernelInstance;
import dev.quern.ir.TensorOp;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Attention. Bindings: query, keys, values, position, y. */
final class AttentionLowering implements Lowering<TensorOp.Attention> {
    /** llvmpipe silently ends every loop after 65,535 rounds of an invocation; attention does one a position. */
    private static final long MAX_CPU_POSITIONS = 65_000;

    /** Query heads that one value of WGSL holds, a vector's component each. */
    private static final int MOST_HEADS = 4;

    /** Rows of 64 elements, a query head of a token each, that lanes hold at a time if they serve several tokens. */
    private static final int MOST_LANE_ROWS = 12;

    private static final List<Kernel.Feature> SUBGROUPS = List.of(Kernel.Feature.SUBGROUPS);

    @Override
    public List<Variant> variants(TensorOp.Attention op, Setting setting) {
        StateFormat format = StateFormat.of(Setting.kept(op.keys(), op.values()));
        Optional<Long> ring = setting.ring(op.keys(), op.values());
        DeviceProfile profile = setting.profile();
        if (profile.shape() == DeviceProfile.Shape.LANE_PER_ROW && seen(op, setting) > MAX_CPU_POSITIONS) {
            throw new SelectionException("A context of " + seen(op, setting) + " positions was asked for; the profile "
                    + profile.name() + " serves up to " + MAX_CPU_POSITIONS
                    + ", since llvmpipe ends longer loops without a word. Ask for a smaller --context.");
        }
        if (op.headSize() % 8 != 0) {
            throw new SelectionException(
                    "No attention kernel takes heads of " + op.headSize() + " elements: a head is a multiple of 8.");
        }
        return List.of(
                switch (profile.shape()) {
                    case LANE_PER_ROW -> lanes(op, format, ring, profile);
                    case FOUR_LANES -> four(op, format, ring);
                    case WORKGROUP -> group(op, format, ring, profile);
                });
    }

    /** Positions that one row sees at most. */
    private static long seen(TensorOp.Attention op, Setting setting) {
        return Math.min(setting.positions(), op.window().orElse(Integer.MAX_VALUE));
    }

    private static Variant lanes(
            TensorOp.Attention op, StateFormat format, Optional<Long> ring, DeviceProfile profile) {
        int together = op.heads() / op.keyValueHeads();
        int tokens = tokensTogether(op, together);
        List<Constant> constants = new ArrayList<>(sizes(op, ring));
        constants.add(new Constant.Whole("TOKENS", tokens));
        return variant(
                ring,
                KernelInstance.of("attention.lanes").with("heads", together).with("tokens", tokens),
                KernelNames.named(
                        spelling("attention_lanes", op, format, ring),
                        constants,
                        slots("vec4f", format.wide()),
                        files(op, ring, format.eights(), "reduce/eight", "attention_lanes"),
                        SUBGROUPS),
                op,
                op.keyValueHeads(),
                tokens,
                List.of(
                        "A workgroup serves one of " + op.keyValueHeads() + " heads of keys and values with its "
                                + together + " query heads"
                                + (tokens > 1 ? " of " + tokens + " tokens" : "")
                                + ", so that keys are read once for all of them.",
                        "Positions are taken eight at a time; a lane has the score of one of them.",
                        "Lanes share what they read by subgroups of " + profile.subgroupSize() + "."));
    }

    /**
     * Tokens whose query heads a workgroup serves: as many as chunks are multiples of, so long as the code for their
     * rows, which the driver unrolls, stays short enough to be compiled in a fraction of a second.
     */
    private static int tokensTogether(TensorOp.Attention op, int heads) {
        int rows = heads * Math.ceilDiv(op.headSize(), 64);
        long tokens = op.query().tensor().rows().max();
        for (int together = 4; together > 1; together /= 2) {
            if (tokens % together == 0 && rows * together <= MOST_LANE_ROWS) {
                return together;
            }
        }
        return 1;
    }

    private static Variant four(TensorOp.Attention op, StateFormat format, Optional<Long> ring) {
        int group = op.heads() / op.keyValueHeads();
        int together = headsTogether(group);
        long groups = (long) op.keyValueHeads() * Math.ceilDiv(group, together);
        return variant(
                ring,
                KernelInstance.of("attention.four").with("heads", together),
                KernelNames.named(
                        spelling("attention_four", op, format, ring),
                        sizes(op, ring),
                        slots("f32", format.pair()),
                        files(op, ring, format.pairs(), "four/heads_" + together, "attention_four"),
                        SUBGROUPS),
                op,
                groups,
                1,
                List.of("A workgroup of four lanes, one of " + groups
                        + ", serves up to four query heads that share their keys, sixteen positions at a time."));
    }

    /** Query heads that one workgroup serves, of so many that share their keys: up to four, divided evenly. */
    private static int headsTogether(int group) {
        return Math.ceilDiv(group, Math.ceilDiv(group, MOST_HEADS));
    }

    private static Variant group(
            TensorOp.Attention op, StateFormat format, Optional<Long> ring, DeviceProfile profile) {
        List<Constant> constants = new ArrayList<>(List.of(new Constant.Whole("LANES", profile.lanes())));
        constants.addAll(sizes(op, ring));
        return variant(
                ring,
                KernelInstance.of("attention.group").with("heads", 1).with("lanes", profile.lanes()),
                KernelNames.named(
                        spelling("attention_group", op, format, ring),
                        constants,
                        slots("vec4f", format.wide()),
                        files(op, ring, format.eights(), "attention_group"),
                        List.of()),
                op,
                op.heads(),
                1,
                List.of("A workgroup serves one of " + op.heads() + " query heads, " + profile.lanes()
                        + " positions at a time; keys are read by each query head that shares them."));
    }

    /** The skeleton and what it links beside what says which positions a row sees and how scores are capped. */
    private static List<String> files(TensorOp.Attention op, Optional<Long> ring, List<String> state, String... files) {
        List<String> all = new ArrayList<>(List.of(
                op.window().isPresent() ? "attention/window" : "attention/all",
                op.cap().isPresent() ? "attention/capped" : "attention/uncapped",
                op.sharpening().isPresent() ? "attention/sharpened" : "attention/even"));
        all.add(Setting.positionsOf(ring));
        all.addAll(state);
        all.addAll(List.of(files));
        return all;
    }

    private static Variant variant(
            Optional<Long> ring,
            KernelInstance kernel,
            KernelDefinition definition,
            TensorOp.Attention op,
            long groups,
            int tokens,
            List<String> shape) {
        List<String> why = new ArrayList<>(shape);
        op.window()
                .ifPresent(window -> why.add("A row sees the last " + window
                        + " positions, and the loop begins with the first of them, so that a longer context costs no"
                        + " more."));
        ring.ifPresent(rows -> why.add("The states hold the last " + rows + " positions only."));
        op.cap().ifPresent(cap -> why.add("Scores are bent so that none exceeds " + cap + "."));
        op.sharpening()
                .ifPresent(growth -> why.add(
                        "Scores grow with the position of the row, a step every " + growth.interval() + " positions."));
        return new Variant(
                kernel,
                definition,
                List.of(
                        Setting.reads(op.query()),
                        Setting.reads(op.keys()),
                        Setting.reads(op.values()),
                        Setting.reads(op.position()),
                        new Binding.Writes(0)),
                Grid.of(Extent.fixed(groups), new Extent(op.query().tensor().rows(), 1, tokens), Extent.fixed(1)),
                List.of(),
                why);
    }

    private static String spelling(String skeleton, TensorOp.Attention op, StateFormat format, Optional<Long> ring) {
        return skeleton + "_" + format.text() + "_" + op.heads() + "_" + op.keyValueHeads() + "_" + op.headSize()
                + op.window().map(window -> "_window_" + window).orElse("")
                + ring.map(rows -> "_ring_" + rows).orElse("")
                + (op.cap().isPresent() ? "_capped" : "")
                + (op.sharpening().isPresent() ? "_sharpened" : "");
    }

    private static List<Constant> sizes(TensorOp.Attention op, Optional<Long> ring) {
        List<Constant> sizes = new ArrayList<>(List.of(
                new Constant.Whole("HEADS", op.heads()),
                new Constant.Whole("KEY_VALUE_HEADS", op.keyValueHeads()),
                new Constant.Whole("GROUP", op.heads() / op.keyValueHeads()),
                new Constant.Whole("HEAD_SIZE", op.headSize()),
                new Constant.Real("SCALE", op.scale())));
        op.window().ifPresent(window -> sizes.add(new Constant.Whole("WINDOW", window)));
        ring.ifPresent(rows -> sizes.add(new Constant.Whole("RING", rows)));
        op.cap().ifPresent(cap -> sizes.add(new Constant.Real("CAP", cap)));
        op.sharpening().ifPresent(growth -> {
            sizes.add(new Constant.Whole("INTERVAL", growth.interval()));
            sizes.add(new Constant.Real("STRENGTH", growth.strength()));
        });
        return sizes;
    }

    private static List<Slot> slots(String floats, String state) {
        return List.of(
                Slot.readWrite("query", floats),
                Slot.read("keys", state),
                Slot.read("values", state),
                Slot.read("position", "u32"),
                Slot.readWrite("y", floats));
    }
}
