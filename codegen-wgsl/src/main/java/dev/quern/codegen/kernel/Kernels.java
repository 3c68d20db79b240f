package dev.quern.codegen.kernel;

import dev.quern.codegen.kernel.KernelDefinition.Constant;
import dev.quern.codegen.kernel.KernelDefinition.Slot;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Encoding;
import dev.quern.ir.Rotation;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.Kernel;
import java.util.ArrayList;
import java.util.List;

/** The kernels, one method each: the operands in the order of the bindings, and what is fixed at compile time. */
public final class Kernels {
    private static final List<Kernel.Feature> NONE = List.of();
    private static final List<Kernel.Feature> SUBGROUPS = List.of(Kernel.Feature.SUBGROUPS);

    /** What every WebGPU implementation lets one uniform binding have. */
    public static final long MAX_UNIFORM_BYTES = 65536;

    private final DeviceProfile profile;

    public Kernels(DeviceProfile profile) {
        this.profile = profile;
    }

    /**
     * The product of rows of x with a weight.
     *
     * <p>Bindings: weights, x, gain where {@code epsilon} is given, y (which for {@link Finish#ADD} is the residual, in
     * place).
     *
     * @param epsilon of the normalisation before, or NaN for none
     * @param tokens the most tokens there may be
     */
    public KernelDefinition matrix(TileGeometry geometry, float epsilon, Finish finish, long tokens) {
        return switch (profile.shape()) {
            case LANE_PER_ROW ->
                matrix(tokens > 1 ? "matmul_lanes" : "matvec_lanes", geometry, epsilon, finish, tokens);
            case FOUR_LANES -> FourLaneKernels.matrix(geometry, epsilon, finish, tokens);
            case WORKGROUP -> matrix("matmul_group", geometry, epsilon, finish, tokens);
        };
    }

    private KernelDefinition matrix(String skeleton, TileGeometry geometry, float epsilon, Finish finish, long tokens) {
        boolean normed = !Float.isNaN(epsilon);
        List<Constant> constants = new ArrayList<>(Constant.of(geometry));
        boolean many = tokens > 1;
        boolean uniform = inputIsUniform(geometry, tokens);
        long quarters = tokens * geometry.columns() / 4;
        Slot input = uniform ? Slot.uniform("x", "vec4f", quarters) : Slot.readWrite("x", "vec4f");
        List<Slot> slots = new ArrayList<>(List.of(weights(), input));
        if (normed) {
            constants.add(new Constant.Real("EPSILON", epsilon));
            slots.add(Slot.uniform("gain", "vec4f", geometry.columns() / 4));
        }
        slots.add(Slot.readWrite("y", "f32"));
        List<String> files = new ArrayList<>(codec(geometry));
        files.add(normed ? "input/normed" : "input/plain");
        files.add(finish == Finish.SWIGLU ? "rows/gated" : "rows/plain");
        files.add("finish/" + finish.file());
        if (profile.shape() == DeviceProfile.Shape.LANE_PER_ROW) {
            files.add("reduce/eight");
            files.add("spread");
        } else {
            constants.add(lanes());
        }
        files.add(skeleton);
        String name =
                KernelNames.matrix(skeleton, geometry, epsilon, finish) + (many && uniform ? "_of_" + tokens : "");
        return new KernelDefinition(name, constants, slots, files, matrixFeatures());
    }

    /**
     * Whether the input is bound as a uniform. CPU drivers gather from a uniform without a branch for each lane, which
     * halves the time of a product. On a GPU a uniform gains nothing and is limited in size.
     */
    private boolean inputIsUniform(TileGeometry geometry, long tokens) {
        return profile.shape() == DeviceProfile.Shape.LANE_PER_ROW
                && tokens * geometry.columns() * Float.BYTES <= MAX_UNIFORM_BYTES;
    }

    /** Workgroups along the first axis of a {@link #matrix} kernel. */
    public long matrixGroups(TileGeometry geometry, Finish finish) {
        if (profile.shape() == DeviceProfile.Shape.FOUR_LANES) {
            return FourLaneKernels.groups(geometry);
        }
        return finish == Finish.SWIGLU ? Math.ceilDiv(geometry.tilesOfPart(), 2L) : Math.ceilDiv(geometry.tiles(), 4L);
    }

    /** Tokens that a workgroup of a {@link #matrix} kernel serves. */
    public int matrixTokens(long tokens) {
        return switch (profile.shape()) {
            case LANE_PER_ROW, FOUR_LANES -> tokens > 1 ? 4 : 1;
            case WORKGROUP -> 1;
        };
    }

    /** Rows of a table. Bindings: weights, tokens, y. */
    public KernelDefinition embed(TileGeometry geometry) {
        List<Constant> constants = new ArrayList<>(Constant.of(geometry));
        constants.add(lanes());
        List<String> files = new ArrayList<>(codec(geometry));
        files.add("embed");
        return new KernelDefinition(
                "embed_" + geometry.encoding().text() + "_" + geometry.rows() + "x" + geometry.columns(),
                constants,
                List.of(weights(), Slot.read("tokens", "u32"), Slot.readWrite("y", "vec4f")),
                files,
                NONE);
    }

    /** Whether kernels keep states of keys and values in this encoding. */
    public static boolean keeps(Encoding encoding) {
        return CacheEncoding.named(encoding.text()).isPresent();
    }

    /**
     * Bindings: x, position, table, keys, values, y.
     *
     * @param state how keys and values are kept
     */
    public KernelDefinition ropeWrite(int heads, int keyValueHeads, Rotation rotation, Encoding state) {
        StateFormat format = StateFormat.of(state);
        return new KernelDefinition(
                "rope_write_" + format.text() + "_" + heads + "_" + keyValueHeads + "_" + rotationName(rotation),
                List.of(
                        lanes(),
                        new Constant.Whole("HEADS", heads),
                        new Constant.Whole("KEY_VALUE_HEADS", keyValueHeads),
                        new Constant.Whole("HEAD_SIZE", rotation.headSize()),
                        new Constant.Whole("ROTARY", rotation.rotary())),
                List.of(
                        Slot.readWrite("x", "f32"),
                        Slot.read("position", "u32"),
                        Slot.read("table", "vec2f"),
                        Slot.readWrite("keys", format.pair()),
                        Slot.readWrite("values", format.pair()),
                        Slot.readWrite("y", "f32")),
                List.of(pairing(rotation), "rotate", format.writes(), "rope_write"),
                NONE);
    }

    /** Bindings: x, position, table, y. */
    public KernelDefinition rope(long columns, Rotation rotation) {
        return new KernelDefinition(
                "rope_" + columns + "_" + rotationName(rotation),
                List.of(
                        lanes(),
                        new Constant.Whole("COLUMNS", columns),
                        new Constant.Whole("HEAD_SIZE", rotation.headSize()),
                        new Constant.Whole("ROTARY", rotation.rotary())),
                List.of(
                        Slot.readWrite("x", "f32"),
                        Slot.read("position", "u32"),
                        Slot.read("table", "vec2f"),
                        Slot.readWrite("y", "f32")),
                List.of(pairing(rotation), "rotate", "rope"),
                NONE);
    }

    /** Bindings: x, position, state. */
    public KernelDefinition stateWrite(long columns, Encoding state) {
        StateFormat format = StateFormat.of(state);
        return new KernelDefinition(
                "state_write_" + format.text() + "_" + columns,
                List.of(lanes(), new Constant.Whole("COLUMNS", columns)),
                List.of(
                        Slot.readWrite("x", "f32"),
                        Slot.read("position", "u32"),
                        Slot.readWrite("state", format.pair())),
                List.of(format.writes(), "state_write"),
                NONE);
    }

    /**
     * Bindings: query, keys, values, position, y.
     *
     * @param state how keys and values are kept
     */
    public KernelDefinition attention(int heads, int keyValueHeads, int headSize, float scale, Encoding state) {
        StateFormat format = StateFormat.of(state);
        List<Constant> sizes = List.of(
                new Constant.Whole("HEADS", heads),
                new Constant.Whole("KEY_VALUE_HEADS", keyValueHeads),
                new Constant.Whole("GROUP", heads / keyValueHeads),
                new Constant.Whole("HEAD_SIZE", headSize),
                new Constant.Real("SCALE", scale));
        String name = "_" + format.text() + "_" + heads + "_" + keyValueHeads + "_" + headSize + "_"
                + KernelNames.bits(scale);
        return switch (profile.shape()) {
            case LANE_PER_ROW ->
                new KernelDefinition(
                        "attention_lanes" + name,
                        sizes,
                        attentionSlots("vec4f", format.wide()),
                        List.of("reduce/eight", format.eights(), "attention_lanes"),
                        SUBGROUPS);
            case FOUR_LANES ->
                new KernelDefinition(
                        "attention_four" + name,
                        sizes,
                        attentionSlots("f32", format.pair()),
                        List.of(
                                "four/heads_" + FourLaneKernels.headsTogether(heads / keyValueHeads),
                                format.pairs(),
                                "attention_four"),
                        SUBGROUPS);
            case WORKGROUP -> {
                List<Constant> constants = new ArrayList<>(List.of(lanes()));
                constants.addAll(sizes);
                yield new KernelDefinition(
                        "attention_group" + name,
                        constants,
                        attentionSlots("vec4f", format.wide()),
                        List.of(format.eights(), "attention_group"),
                        NONE);
            }
        };
    }

    private static List<Slot> attentionSlots(String floats, String state) {
        return List.of(
                Slot.readWrite("query", floats),
                Slot.read("keys", state),
                Slot.read("values", state),
                Slot.read("position", "u32"),
                Slot.readWrite("y", floats));
    }

    /** Workgroups along the first axis of an {@link #attention} kernel. */
    public long attentionGroups(int heads, int keyValueHeads) {
        return switch (profile.shape()) {
            case LANE_PER_ROW -> keyValueHeads;
            case FOUR_LANES -> FourLaneKernels.attentionGroups(heads, keyValueHeads);
            case WORKGROUP -> heads;
        };
    }

    /** Bindings: logits, tokens, position, ring. */
    public KernelDefinition pick(long count, int slots) {
        return new KernelDefinition(
                "pick_" + count,
                List.of(
                        new Constant.Whole("LANES", 64),
                        new Constant.Whole("COUNT", count),
                        new Constant.Whole("SLOTS", slots)),
                List.of(
                        Slot.read("logits", "u32"),
                        Slot.readWrite("tokens", "u32"),
                        Slot.readWrite("position", "u32"),
                        Slot.readWrite("ring", "u32")),
                List.of("pick"),
                NONE);
    }

    /** Bindings: x, gain, y. */
    public KernelDefinition rmsNorm(long columns, float epsilon) {
        return new KernelDefinition(
                "rms_norm_" + columns + "_" + KernelNames.bits(epsilon),
                List.of(lanes(), new Constant.Whole("COLUMNS", columns), new Constant.Real("EPSILON", epsilon)),
                List.of(
                        Slot.readWrite("x", "vec4f"),
                        Slot.uniform("gain", "vec4f", columns / 4),
                        Slot.readWrite("y", "vec4f")),
                List.of("rms_norm"),
                NONE);
    }

    /** Bindings: x, y. */
    public KernelDefinition columns(long columns, long start, long extent) {
        return new KernelDefinition(
                "columns_" + columns + "_" + start + "_" + extent,
                List.of(
                        lanes(),
                        new Constant.Whole("COLUMNS", columns),
                        new Constant.Whole("START", start),
                        new Constant.Whole("EXTENT", extent)),
                List.of(Slot.readWrite("x", "f32"), Slot.readWrite("y", "f32")),
                List.of("columns"),
                NONE);
    }

    /** Bindings: left, right, y. */
    public KernelDefinition add(long columns) {
        return pointwise("add", columns, List.of(), List.of("left", "right"));
    }

    /** Bindings: x, y. */
    public KernelDefinition scale(long columns, float factor) {
        return pointwise("scale", columns, List.of(new Constant.Real("FACTOR", factor)), List.of("x"));
    }

    /** Bindings: gate, up, y. */
    public KernelDefinition swiGlu(long columns) {
        return pointwise("swiglu", columns, List.of(), List.of("gate", "up"));
    }

    private KernelDefinition pointwise(String point, long columns, List<Constant> more, List<String> operands) {
        List<Constant> constants = new ArrayList<>(List.of(lanes(), new Constant.Whole("COLUMNS", columns)));
        constants.addAll(more);
        List<Slot> slots = new ArrayList<>();
        operands.forEach(operand -> slots.add(Slot.readWrite(operand, "f32")));
        slots.add(Slot.readWrite("y", "f32"));
        StringBuilder name = new StringBuilder(point).append('_').append(columns);
        for (Constant constant : more) {
            if (constant instanceof Constant.Real real) {
                name.append('_').append(KernelNames.bits(real.value()));
            }
        }
        return new KernelDefinition(
                name.toString(), constants, slots, List.of("pointwise/" + point, "pointwise"), NONE);
    }

    private List<Kernel.Feature> matrixFeatures() {
        return profile.shape() == DeviceProfile.Shape.LANE_PER_ROW ? SUBGROUPS : NONE;
    }

    private Constant lanes() {
        return new Constant.Whole("LANES", profile.lanes());
    }

    private Slot weights() {
        return switch (profile.placement()) {
            case BUFFER -> Slot.read("weights", "vec4u");
            case TEXTURE -> Slot.texture("weights");
            case SAMPLED_TEXTURE -> Slot.sampledTexture("weights");
        };
    }

    /** The files that answer for the weight: its blocks, where its texels lie, and its encoding. */
    private List<String> codec(TileGeometry geometry) {
        List<String> files = new ArrayList<>();
        files.add("block");
        files.add(
                switch (profile.placement()) {
                    case BUFFER -> "place/buffer";
                    case TEXTURE -> "place/texture";
                    case SAMPLED_TEXTURE -> "place/sampled";
                });
        for (String part : geometry.packing().codec()) {
            files.add("codec/" + part);
        }
        return files;
    }

    private static String rotationName(Rotation rotation) {
        return rotation.headSize() + "_" + rotation.rotary() + "_"
                + rotation.pairing().text();
    }

    private static String pairing(Rotation rotation) {
        return "pairing/" + rotation.pairing().text();
    }
}
