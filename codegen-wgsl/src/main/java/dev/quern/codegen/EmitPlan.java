package dev.quern.codegen;

import dev.quern.codegen.kernel.KernelDefinition;
import dev.quern.codegen.kernel.KernelPrinter;
import dev.quern.codegen.lowering.BindingLimit;
import dev.quern.codegen.lowering.PickLowering;
import dev.quern.codegen.lowering.Placements;
import dev.quern.codegen.lowering.SelectionException;
import dev.quern.codegen.repack.TileGeometry;
import dev.quern.ir.Binding;
import dev.quern.ir.Dim;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Function;
import dev.quern.ir.Grid;
import dev.quern.ir.Module;
import dev.quern.ir.StateType;
import dev.quern.ir.Statement;
import dev.quern.ir.Storage;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import dev.quern.ir.verify.Place;
import dev.quern.plan.BufferSpec;
import dev.quern.plan.BufferSpec.Role;
import dev.quern.plan.CacheEncoding;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.Plan;
import dev.quern.plan.WeightSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a module of the {@code dispatch} stage, with its memory plan, as a {@link Plan}.
 *
 * <p>Values become ranges: of an arena; of the buffers {@code tokens}, {@code position} and {@code logits} for the
 * parameters and results of these names; of one buffer for each state parameter, which all entry points share by name.
 * A result that takes over an operand's memory is bound once, with that operand.
 */
public final class EmitPlan {
    private static final String ARENA = "arena";
    private static final String TOKENS = "tokens";
    private static final String POSITION = "position";
    private static final String LOGITS = "logits";
    private static final String RING = "ring";

    private final Selection selection;
    private final DeviceProfile profile;
    private final ArenaLayout arena;
    private final Map<String, BufferSpec> buffers = new LinkedHashMap<>();
    private final List<WeightSpec> weights = new ArrayList<>();

    private EmitPlan(Selection selection, DeviceProfile profile, ArenaLayout arena) {
        this.selection = selection;
        this.profile = profile;
        this.arena = arena;
    }

    /**
     * The plan of a module.
     *
     * @throws SelectionException if a parameter or result is none that a runtime knows
     */
    public static Plan emit(Selection selection, DeviceProfile profile, ArenaLayout arena) {
        EmitPlan emission = new EmitPlan(selection, profile, arena);
        Module module = selection.module();
        for (int index = 0; index < arena.arenas().size(); index++) {
            emission.buffer(arenaName(index), Role.ARENA, arena.bytesOf(index));
        }
        emission.placeWeights(module);
        List<EntryPoint> entryPoints = new ArrayList<>();
        for (Function function : module.functions()) {
            try {
                entryPoints.add(emission.entryPoint(function));
            } catch (SelectionException e) {
                throw e.at(new Place.OfFunction(entryPoints.size()));
            }
        }
        return new Plan(
                profile,
                module.symbols().stream()
                        .map(symbol -> new Plan.Symbol(symbol.name(), symbol.max()))
                        .toList(),
                List.copyOf(emission.buffers.values()),
                emission.weights,
                selection.kernels().stream().map(KernelPrinter::print).toList(),
                entryPoints,
                arena.certificate());
    }

    /**
     * Weights in the order of first use, so that a runtime can begin before the last has come. Tables, which are as
     * long as the context, come behind them in a file of their own: all other files are the same for every context.
     */
    private void placeWeights(Module module) {
        Map<String, Weight> inOrder = new LinkedHashMap<>();
        for (Function function : module.functions()) {
            for (Statement statement : function.body()) {
                dispatch(function, statement).bindings().stream()
                        .flatMap(binding -> binding.read().stream())
                        .filter(value -> value.kind() == Value.Kind.WEIGHT)
                        .forEach(value -> inOrder.computeIfAbsent(
                                value.name(), name -> module.weight(name).orElseThrow()));
            }
        }
        WeightFiles files = new WeightFiles();
        inOrder.values().stream().filter(weight -> !isTable(weight)).forEach(weight -> place(weight, files));
        files.endFile();
        inOrder.values().stream().filter(EmitPlan::isTable).forEach(weight -> place(weight, files));
    }

    private static boolean isTable(Weight weight) {
        return RopeTable.of(weight).isPresent();
    }

    private void place(Weight weight, WeightFiles files) {
        Storage storage = weight.storage().orElseThrow();
        TileGeometry geometry = selection.geometries().get(weight.name());
        long bytes =
                geometry != null ? geometry.bytes() : Math.ceilDiv(weight.type().maxElements() * Float.BYTES, 16L) * 16;
        weights.add(new WeightSpec(
                weight.name(),
                Placements.inPlan(storage.placement()),
                storage.layout().text(),
                bytes,
                files.place(bytes)));
    }

    private EntryPoint entryPoint(Function function) {
        Map<String, EntryPoint.Bound> bound = new HashMap<>();
        for (Value parameter : function.parameters()) {
            bound.put(parameter.name(), external(parameter.name(), parameter));
        }
        for (Value result : function.results()) {
            if (!(result.type() instanceof StateType)) {
                // What `pick` chooses is what the next `step` reads.
                String name = function.name().equals(EntryPoint.PICK) ? TOKENS : result.name();
                bound.put(result.name(), external(name, result));
            }
        }
        inPlaceOf(function, bound);
        List<EntryPoint.Step> steps = new ArrayList<>();
        for (Statement statement : function.body()) {
            steps.add(step(function, statement, bound));
        }
        return new EntryPoint(function.name(), steps);
    }

    /** What becomes in place what the host sees, as slices of the logits do, lies where that does. */
    private static void inPlaceOf(Function function, Map<String, EntryPoint.Bound> bound) {
        for (Statement statement : function.body().reversed()) {
            Dispatch dispatch = dispatch(function, statement);
            for (int index = 0; index < statement.results().size(); index++) {
                EntryPoint.Bound place =
                        bound.get(statement.results().get(index).name());
                if (place != null) {
                    dispatch.takenOver(index).ifPresent(taken -> bound.putIfAbsent(taken.name(), place));
                }
            }
        }
    }

    private EntryPoint.Step step(Function function, Statement statement, Map<String, EntryPoint.Bound> bound) {
        Dispatch dispatch = dispatch(function, statement);
        List<EntryPoint.Bound> bindings = new ArrayList<>();
        for (Binding binding : dispatch.bindings()) {
            bindings.add(
                    switch (binding) {
                        case Binding.Reads reads -> bind(function, reads.value(), bound);
                        case Binding.Writes writes ->
                            bind(function, statement.results().get(writes.number()), bound);
                        case Binding.InPlace inPlace -> {
                            EntryPoint.Bound taken = bind(function, inPlace.value(), bound);
                            bound.put(statement.results().get(inPlace.number()).name(), taken);
                            yield taken;
                        }
                    });
        }
        KernelDefinition kernel = selection.kernel(dispatch);
        if (function.name().equals(EntryPoint.PICK)) {
            bindings.add(whole(buffer(POSITION, Role.POSITION, 4)));
            bindings.add(whole(buffer(RING, Role.RING, 4L * PickLowering.RING_SLOTS)));
        }
        if (bindings.size() != kernel.slots().size()) {
            throw new IllegalStateException("the kernel " + kernel.name() + " has "
                    + kernel.slots().size() + " bindings, and the dispatch gives " + bindings.size());
        }
        List<EntryPoint.Extent> grid =
                dispatch.grid().axes().stream().map(EmitPlan::extent).toList();
        return new EntryPoint.Step(statement.results().getFirst().name(), kernel.name(), bindings, grid);
    }

    private static Dispatch dispatch(Function function, Statement statement) {
        return switch (statement.op()) {
            case Dispatch op -> op;
            case TensorOp _ ->
                throw new IllegalArgumentException(
                        "@" + function.name() + " still holds an operation for which no kernel is chosen");
        };
    }

    private EntryPoint.Bound bind(Function function, Value value, Map<String, EntryPoint.Bound> bound) {
        if (value.kind() == Value.Kind.WEIGHT) {
            WeightSpec weight = weights.stream()
                    .filter(each -> each.name().equals(value.name()))
                    .findFirst()
                    .orElseThrow();
            return new EntryPoint.Bound(weight.name(), 0, weight.bytes());
        }
        return bound.computeIfAbsent(value.name(), _ -> {
            long offset = arena.offset(function, value);
            int index = arena.arenaOf(offset);
            return new EntryPoint.Bound(
                    arenaName(index),
                    offset - arena.arenas().get(index),
                    value.tensor().maxBytes());
        });
    }

    private static String arenaName(int index) {
        return index == 0 ? ARENA : ARENA + "." + index;
    }

    private EntryPoint.Bound external(String name, Value value) {
        return switch (value.type()) {
            case StateType state -> {
                BufferSpec buffer = buffer(state(name, state));
                long positions = state.contents().rows().max();
                BindingLimit.ofPositions("The state " + value, positions, buffer.bytes(), profile);
                yield whole(buffer);
            }
            case TensorType tensor ->
                switch (name) {
                    case TOKENS -> whole(buffer(name, Role.TOKENS, 4 * maxTokens()));
                    case POSITION -> whole(buffer(name, Role.POSITION, tensor.maxBytes()));
                    case LOGITS -> whole(buffer(name, Role.LOGITS, tensor.maxBytes()));
                    default ->
                        throw new SelectionException("No runtime knows what to do with the parameter or result " + value
                                + "; it knows tokens, position, logits and states.");
                };
        };
    }

    private long maxTokens() {
        return selection.module().symbols().stream()
                .filter(symbol -> symbol.name().equals(EntryPoint.TOKENS))
                .mapToLong(Dim.Symbol::max)
                .findFirst()
                .orElse(1);
    }

    private static BufferSpec state(String name, StateType state) {
        CacheEncoding encoding = CacheEncoding.named(state.contents().encoding().text())
                .orElseThrow(() -> new SelectionException("No runtime keeps states as "
                        + state.contents().encoding().text() + ": " + name + "."));
        return new BufferSpec(
                name,
                Role.STATE,
                state.maxBytes(),
                Optional.of(new BufferSpec.Rows(encoding, state.contents().columns())));
    }

    private BufferSpec buffer(String name, Role role, long bytes) {
        return buffer(new BufferSpec(name, role, bytes));
    }

    private BufferSpec buffer(BufferSpec wanted) {
        BufferSpec known = buffers.computeIfAbsent(wanted.name(), _ -> wanted);
        if (!known.equals(wanted)) {
            throw new SelectionException("The functions share the buffer " + wanted.name() + ", which has "
                    + contents(known) + " in one of them and " + contents(wanted) + " here.");
        }
        return known;
    }

    private static String contents(BufferSpec buffer) {
        return buffer.bytes() + " bytes"
                + buffer.rows()
                        .map(rows -> " in rows of " + rows.columns() + " "
                                + rows.encoding().text())
                        .orElse("");
    }

    private static EntryPoint.Bound whole(BufferSpec buffer) {
        return new EntryPoint.Bound(buffer.name(), 0, buffer.bytes());
    }

    private static EntryPoint.Extent extent(Grid.Extent extent) {
        return switch (extent.dim()) {
            case Dim.Fixed fixed -> EntryPoint.Extent.fixed(extent.at(fixed.extent()));
            case Dim.Symbol symbol -> new EntryPoint.Extent(symbol.name(), extent.factor(), extent.divisor());
        };
    }
}
