package dev.quern.codegen;

import dev.quern.codegen.kernel.Finish;
import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.Kernels;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.DispatchOp;
import dev.quern.ir.DispatchOp.Dispatch.Extent;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.Layout;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.Placement;
import dev.quern.ir.Rotation;
import dev.quern.ir.Stage;
import dev.quern.ir.Statement;
import dev.quern.ir.Storage;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Type;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.ir.verify.Place;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kernel selection: every operation of the {@code tensor} stage becomes one dispatch of one kernel instance, and every
 * weight gets the layout and placement that its kernels want.
 *
 * <pre>
 *   before  %y = linear %x, @w {norm = @g, …}                                       : f32[1, 960]
 *   after   %y = dispatch @matvec_lanes_q4_1_960x576_normed_3727c5ac @w, %x, @g : f32[1, 960]
 * </pre>
 *
 * <p>The operands of a dispatch stand in the order of the kernel's bindings; results that are not written in place are
 * bound after them. What has no kernel is refused by name.
 */
public final class SelectKernels {
    /** Slots of the ring of chosen tokens. */
    public static final int RING_SLOTS = 64;

    /** llvmpipe silently ends every loop after 65,535 rounds of an invocation; attention does one a position. */
    private static final long MAX_CPU_POSITIONS = 65_000;

    private final DeviceProfile profile;
    private final Kernels kernels;
    private final Map<String, KernelDefinition> definitions = new LinkedHashMap<>();
    private final Map<String, Weight> weights = new LinkedHashMap<>();
    private final Map<String, TileGeometry> geometries = new LinkedHashMap<>();
    private final Map<String, Selection.Table> tables = new LinkedHashMap<>();
    private final Module module;
    private final ChoiceReasons why;
    private final List<Selection.Choice> choices = new ArrayList<>();
    private final Map<String, String> storageReasons = new LinkedHashMap<>();

    /** Why the kernel of the statement at hand. */
    private List<String> reasons = List.of();

    private SelectKernels(Module module, DeviceProfile profile) {
        this.module = module;
        this.profile = profile;
        this.kernels = new Kernels(profile);
        this.why = new ChoiceReasons(profile);
    }

    /**
     * Lowers a module for a device profile.
     *
     * @throws SelectionException if an operation has no kernel
     */
    public static Selection select(Module module, DeviceProfile profile) {
        SelectKernels selection = new SelectKernels(module, profile);
        List<Function> functions = new ArrayList<>();
        for (int index = 0; index < module.functions().size(); index++) {
            functions.add(selection.lower(module.functions().get(index), index));
        }
        Module lowered = new Module(
                module.name(), Stage.DISPATCH, module.symbols(), List.copyOf(selection.weights.values()), functions);
        return new Selection(
                lowered,
                List.copyOf(selection.definitions.values()),
                selection.geometries,
                selection.tables,
                selection.choices,
                selection.storageReasons);
    }

    private Function lower(Function function, int place) {
        List<Statement> body = new ArrayList<>();
        for (Statement statement : function.body()) {
            reasons = why.plain();
            DispatchOp lowered;
            try {
                lowered = lower(statement);
            } catch (SelectionException e) {
                throw e.at(new Place.OfStatement(place, body.size()));
            }
            body.add(new Statement(statement.results(), lowered));
            if (lowered instanceof DispatchOp.Dispatch dispatch) {
                choices.add(new Selection.Choice(
                        function.name(), statement.results().getFirst().name(), dispatch.kernel(), reasons));
            }
        }
        return function.with(body, function.results());
    }

    private DispatchOp lower(Statement statement) {
        return switch (statement.op()) {
            case DispatchOp already -> already;
            case TensorOp op ->
                switch (op) {
                    case TensorOp.Embed embed -> embed(embed);
                    case TensorOp.RmsNorm norm -> {
                        KernelDefinition kernel = kernels.rmsNorm(columns(norm.x()), norm.epsilon());
                        yield dispatch(kernel, List.of(norm.x(), vector(norm.gain())), op, rowGrid(norm.x()));
                    }
                    case TensorOp.MatMul matmul ->
                        linear(
                                new TensorOp.Linear(
                                        matmul.x(), Optional.empty(), matmul.weight(), false, Optional.empty()),
                                statement);
                    case TensorOp.Linear linear -> linear(linear, statement);
                    case TensorOp.Add add ->
                        dispatch(
                                kernels.add(columns(add.left())),
                                List.of(add.left(), add.right()),
                                op,
                                rowGrid(add.left()));
                    case TensorOp.Scale scale ->
                        dispatch(
                                kernels.scale(columns(scale.x()), scale.factor()),
                                List.of(scale.x()),
                                op,
                                rowGrid(scale.x()));
                    case TensorOp.SwiGlu gate ->
                        dispatch(
                                kernels.swiGlu(columns(gate.gate())),
                                List.of(gate.gate(), gate.up()),
                                op,
                                rowGrid(gate.gate()));
                    case TensorOp.Columns part ->
                        dispatch(
                                kernels.columns(columns(part.x()), part.start(), part.extent()),
                                List.of(part.x()),
                                op,
                                rowGrid(part.x()));
                    case TensorOp.Rope rope -> {
                        Value table = table(rope.rotation(), rope.factors());
                        yield dispatch(
                                kernels.rope(columns(rope.x()), rope.rotation()),
                                List.of(rope.x(), rope.position(), table),
                                op,
                                rowGrid(rope.x()));
                    }
                    case TensorOp.StateWrite write -> {
                        Encoding kept = kept(write.state());
                        yield dispatch(
                                kernels.stateWrite(columns(write.x()), kept),
                                List.of(write.x(), write.position(), write.state()),
                                List.of(new DispatchOp.Dispatch.Output(
                                        write.state().type(), Optional.of(2))),
                                rowGrid(write.x()));
                    }
                    case TensorOp.RopeWrite write -> ropeWrite(write);
                    case TensorOp.Attention attention -> attention(attention);
                    case TensorOp.ArgMax argMax -> {
                        reasons = why.pick();
                        yield dispatch(
                                kernels.pick(columns(argMax.x()), RING_SLOTS),
                                List.of(argMax.x()),
                                op,
                                List.of(Extent.fixed(1), Extent.fixed(1), Extent.fixed(1)));
                    }
                };
        };
    }

    private DispatchOp embed(TensorOp.Embed op) {
        TileGeometry geometry = tiles(op.table(), 1);
        reasons = why.embed(geometry);
        return dispatch(kernels.embed(geometry), List.of(op.table(), op.tokens()), op, rowGrid(op.tokens()));
    }

    private DispatchOp linear(TensorOp.Linear op, Statement statement) {
        long tokens = op.x().tensor().rows().max();
        if (op.gated() && op.residual().isPresent()) {
            throw new SelectionException("No kernel both gates and adds a residual: " + statement.result()
                    + ". Leave the residual out of the fusion.");
        }
        int atOnce = kernels.matrixTokens(tokens);
        if (tokens % atOnce != 0) {
            throw new SelectionException("Prompts are read " + atOnce + " tokens at a time, so the bound of "
                    + op.x().tensor().rows() + " (" + tokens + ") must be a multiple of " + atOnce
                    + ".");
        }
        Finish finish = op.gated() ? Finish.SWIGLU : op.residual().isPresent() ? Finish.ADD : Finish.STORE;
        TileGeometry geometry = tiles(op.weight(), op.gated() ? 2 : 1);
        float epsilon = op.norm().isPresent() ? op.norm().get().epsilon() : Float.NaN;
        List<Value> inputs = new ArrayList<>(List.of(op.weight(), op.x()));
        op.norm().ifPresent(norm -> inputs.add(vector(norm.gain())));
        op.residual().ifPresent(inputs::add);
        Optional<Integer> inPlace = op.residual().map(residual -> inputs.size() - 1);
        long groups = kernels.matrixGroups(geometry, finish);
        List<Extent> grid =
                List.of(Extent.fixed(groups), new Extent(op.x().tensor().rows(), 1, atOnce), Extent.fixed(1));
        KernelDefinition kernel = kernels.matrix(geometry, epsilon, finish, tokens);
        reasons = why.linear(op, kernel, geometry, tokens, atOnce, groups);
        return dispatch(
                kernel,
                inputs,
                List.of(new DispatchOp.Dispatch.Output(statement.result().type(), inPlace)),
                grid);
    }

    private DispatchOp ropeWrite(TensorOp.RopeWrite op) {
        if (op.rotation().headSize() % 2 != 0) {
            throw new SelectionException("No kernel rotates and writes heads of "
                    + op.rotation().headSize() + " elements: two are written at a time.");
        }
        Encoding kept = kept(op.keys(), op.values());
        Value table = table(op.rotation(), op.factors());
        List<Type> types = op.infer();
        reasons = why.ropeWrite(table.name(), kept);
        return dispatch(
                kernels.ropeWrite(op.heads(), op.keyValueHeads(), op.rotation(), kept),
                List.of(op.qkv(), op.position(), table, op.keys(), op.values()),
                List.of(
                        new DispatchOp.Dispatch.Output(types.get(0), Optional.empty()),
                        new DispatchOp.Dispatch.Output(types.get(1), Optional.of(3)),
                        new DispatchOp.Dispatch.Output(types.get(2), Optional.of(4))),
                rowGrid(op.qkv()));
    }

    private DispatchOp attention(TensorOp.Attention op) {
        Encoding kept = kept(op.keys(), op.values());
        if (profile.shape() == DeviceProfile.Shape.LANE_PER_ROW && context() > MAX_CPU_POSITIONS) {
            throw new SelectionException("A context of " + context() + " positions was asked for; the profile "
                    + profile.name() + " serves up to " + MAX_CPU_POSITIONS
                    + ", since llvmpipe ends longer loops without a word. Ask for a smaller --context.");
        }
        if (op.headSize() % 8 != 0) {
            throw new SelectionException(
                    "No attention kernel takes heads of " + op.headSize() + " elements: a head is a multiple of 8.");
        }
        long groups = kernels.attentionGroups(op.heads(), op.keyValueHeads());
        reasons = why.attention(op, groups);
        return dispatch(
                kernels.attention(op.heads(), op.keyValueHeads(), op.headSize(), op.scale(), kept),
                List.of(op.query(), op.keys(), op.values(), op.position()),
                op,
                List.of(Extent.fixed(groups), new Extent(op.query().tensor().rows(), 1, 1), Extent.fixed(1)));
    }

    private DispatchOp dispatch(KernelDefinition kernel, List<Value> inputs, Op op, List<Extent> grid) {
        List<DispatchOp.Dispatch.Output> outputs = new ArrayList<>();
        op.infer().forEach(type -> outputs.add(new DispatchOp.Dispatch.Output(type, Optional.empty())));
        return dispatch(kernel, inputs, outputs, grid);
    }

    private DispatchOp dispatch(
            KernelDefinition kernel, List<Value> inputs, List<DispatchOp.Dispatch.Output> outputs, List<Extent> grid) {
        KernelDefinition known = definitions.putIfAbsent(kernel.name(), kernel);
        if (known != null && !known.equals(kernel)) {
            throw new IllegalStateException("two different kernels are named " + kernel.name());
        }
        for (Extent extent : grid) {
            long groups = extent.at(extent.dim().max());
            if (groups > profile.limits().maxComputeWorkgroupsPerDimension()) {
                throw new SelectionException("The kernel " + kernel.name() + " wants " + groups
                        + " workgroups along one axis; the profile " + profile.name() + " allows "
                        + profile.limits().maxComputeWorkgroupsPerDimension() + ".");
            }
        }
        return new DispatchOp.Dispatch(kernel.name(), inputs, outputs, grid);
    }

    /** Places a matrix in tiles. */
    private TileGeometry tiles(Value value, int parts) {
        TensorType type = value.tensor();
        if (type.encoding() == Encoding.Scalar.U32) {
            throw new SelectionException(
                    "The elements of " + value + " are integers (u32); kernels multiply and look up floats.");
        }
        if (type.columns() % 4 != 0) {
            throw new SelectionException("The rows of " + value + " have " + type.columns()
                    + " columns; kernels read four at a time, so their number must be a multiple of 4.");
        }
        if (type.columns() % type.encoding().elements() != 0) {
            throw new SelectionException(
                    "The rows of " + value + " have " + type.columns() + " columns, which do not fill "
                            + "whole blocks of " + type.encoding().text() + " ("
                            + type.encoding().elements()
                            + " elements each).");
        }
        TileGeometry geometry = new TileGeometry(type.encoding(), type.rows().max(), type.columns(), parts);
        TileGeometry known = geometries.putIfAbsent(value.name(), geometry);
        if (known != null && !known.equals(geometry)) {
            throw new SelectionException(
                    value + " is used both as gate with up and as one matrix, which no layout serves.");
        }
        Placement placement = Placements.inModule(profile.placement());
        checkSize(value, geometry);
        weights.putIfAbsent(value.name(), declared(value).with(new Storage(Layout.ROW_TILES_8, placement)));
        storageReasons.putIfAbsent(value.name(), why.tiles(geometry));
        return geometry;
    }

    private void checkSize(Value value, TileGeometry geometry) {
        long limit = switch (profile.placement()) {
            case BUFFER -> profile.limits().maxStorageBufferBindingSize();
            case TEXTURE, SAMPLED_TEXTURE ->
                (long) profile.limits().maxTextureDimension2D()
                        * dev.quern.plan.WeightSpec.TEXTURE_WIDTH
                        * dev.quern.plan.WeightSpec.TEXEL_BYTES;
        };
        if (geometry.bytes() > limit) {
            throw new SelectionException(
                    "The weight " + value + " takes " + geometry.bytes()
                            + " bytes on the device; the profile " + profile.name() + " can bind " + limit
                            + " at a time. Use a profile for devices with larger bindings, or a smaller encoding of this tensor.");
        }
    }

    /** Places a vector as f32, bound as a uniform. */
    private Value vector(Value value) {
        if (value.tensor().maxElements() * Float.BYTES > Kernels.MAX_UNIFORM_BYTES
                || value.tensor().maxElements() % 4 != 0) {
            throw new SelectionException(
                    "The vector " + value + " has " + value.tensor().maxElements() + " elements; kernels take up to "
                            + Kernels.MAX_UNIFORM_BYTES / Float.BYTES + ", a multiple of 4.");
        }
        weights.putIfAbsent(value.name(), declared(value).with(new Storage(Layout.PLAIN, Placement.BUFFER)));
        storageReasons.putIfAbsent(value.name(), why.vector(value.tensor().maxElements() * Float.BYTES));
        return value;
    }

    private Weight declared(Value value) {
        return module.weight(value.name())
                .orElseThrow(() -> new SelectionException(value + " is not a weight of the module, and the kernels for "
                        + "products of two activations do not exist."));
    }

    /** The table of cosines and sines for a rotation, one for all layers. */
    private Value table(Rotation rotation, Optional<Value> factors) {
        long positions = context();
        Selection.Table table = new Selection.Table(new RopeTable(rotation, positions), factors.map(this::declared));
        TensorType type = TensorType.of(Encoding.Scalar.F32, positions, rotation.rotary());
        for (Map.Entry<String, Selection.Table> known : tables.entrySet()) {
            if (known.getValue().equals(table)) {
                return Value.weight(known.getKey(), type);
            }
        }
        String name = "rope_table" + (tables.isEmpty() ? "" : "." + tables.size());
        Weight weight = new Weight(name, type, List.of()).with(new Storage(Layout.PLAIN, Placement.BUFFER));
        tables.put(name, table);
        storageReasons.put(name, why.table(positions));
        weights.put(name, weight);
        return weight.value();
    }

    /** Positions that the states hold. */
    private long context() {
        return module.functions().stream()
                .flatMap(function -> function.parameters().stream())
                .filter(parameter -> parameter.type() instanceof dev.quern.ir.StateType)
                .mapToLong(parameter -> parameter.state().rows().max())
                .max()
                .orElseThrow(
                        () -> new SelectionException("The module rotates heads, but keeps no state of positions."));
    }

    /** How keys and values are kept, which is the same for both. */
    private static Encoding kept(Value keys, Value values) {
        Encoding kept = kept(keys);
        if (!kept(values).equals(kept)) {
            throw new SelectionException("The state " + keys + " is " + keys.type() + " and the state " + values
                    + " is " + values.type() + "; kernels keep keys and values of a layer in one encoding.");
        }
        return kept;
    }

    private static Encoding kept(Value state) {
        if (!Kernels.keeps(state.state().encoding())) {
            throw new SelectionException("The state " + state + " is " + state.type()
                    + "; kernels keep keys and values as " + String.join(" or ", CacheEncoding.names()) + ".");
        }
        if (state.state().columns() % 2 != 0) {
            throw new SelectionException("The state " + state + " is " + state.type()
                    + "; kernels write two elements at a time, so the number of its columns must be even.");
        }
        return state.state().encoding();
    }

    private static long columns(Value x) {
        return x.tensor().columns();
    }

    private static List<Extent> rowGrid(Value x) {
        return List.of(new Extent(x.tensor().rows(), 1, 1), Extent.fixed(1), Extent.fixed(1));
    }
}
