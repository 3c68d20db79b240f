package dev.quern.cli.bundle;

import dev.quern.cli.ir.FirstNotFinite;
import dev.quern.compiler.CompileObserver;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.compiler.Lowering;
import dev.quern.gguf.architecture.Architectures;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Slice;
import dev.quern.ir.StateType;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.passes.Pipeline;
import dev.quern.plan.DeviceProfile;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.bundle.SelfTest;
import dev.quern.reference.DecodedWeights;
import dev.quern.reference.Interpreter;
import dev.quern.reference.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Computes a bundle's self-test with the reference interpreter, on the fused graph: its statements are the steps of the
 * plan, under the same names. Weights are decoded when they are used and not kept, and the graph is built anew with
 * room for a few positions only, so the largest weight is what this takes of the heap.
 */
public final class SelfTestOracle {
    /** The interpreter is plain Java: of larger models, layers are left out whose kernels others run. */
    private static final long MOST_PARAMETERS = 1_000_000_000;

    /** Bytes of a weight, encoded and decoded together, that the heap has room for beside all else. */
    private static final long MOST_WEIGHT_BYTES = 256L << 20;

    /** Larger weights are read in parts of this size, encoded. */
    private static final long PART_BYTES = 8L << 20;

    /** Bytes of states, as the interpreter keeps them, that the heap has room for. */
    private static final long MOST_STATE_BYTES = 256L << 20;

    /** Two tokens: the second has something to attend to. */
    private static final int TOKENS = 2;

    /**
     * Positions and tokens of a chunk in the graph that is interpreted; what a step computes does not depend on them.
     */
    private static final long POSITIONS = 4;

    private SelfTestOracle() {}

    /**
     * The self-test of a model.
     *
     * @param pipeline the passes that the model was compiled with
     * @return none for a large model in which no layers can be left out
     * @throws IllegalArgumentException if the model computes numbers that are not finite, so that nothing could be
     *     generated
     */
    public static Optional<SelfTest> of(CompiledModel model, Pipeline pipeline) {
        return takesLong(model) ? shortened(model, pipeline) : Optional.of(ofGraph(model, small(model, pipeline)));
    }

    /** Whether people wonder what is done when it is computed. */
    static boolean takesLong(CompiledModel model) {
        return model.facts().parameters() > MOST_PARAMETERS;
    }

    /**
     * A self-test that leaves out as many layers as it can.
     *
     * @return none where it can leave out none
     */
    public static Optional<SelfTest> shortened(CompiledModel model, Pipeline pipeline) {
        return ShortenedStep.of(step(model.selection().module()), model.plan().entryPoint(EntryPoint.STEP))
                .map(shortened -> {
                    Module graph = small(model, pipeline);
                    return ofGraph(
                            model,
                            graph.with(graph.weights(), List.of(shortened.in(step(graph)))),
                            states(step(graph)),
                            Optional.of(shortened.gap()));
                });
    }

    /** The graph built anew with room for a few positions: what a step computes does not depend on them. */
    private static Module small(CompiledModel model, Pipeline pipeline) {
        return pipeline.run(Architectures.of(model.file())
                .build(
                        model.file(),
                        CompileOptions.graph(POSITIONS, POSITIONS, model.facts().cacheEncoding())));
    }

    private static Function step(Module graph) {
        return graph.function(EntryPoint.STEP).orElseThrow();
    }

    /**
     * The self-test of a graph that was written down, which decides itself how many positions there are; none for a
     * large one.
     *
     * @throws IllegalArgumentException if the graph computes numbers that are not finite
     */
    public static Optional<SelfTest> ofWritten(CompiledModel model) {
        Module graph = model.optimised();
        long states = step(graph).parameters().stream()
                .map(Value::type)
                .filter(StateType.class::isInstance)
                .mapToLong(type -> ((StateType) type).contents().maxElements() * Float.BYTES)
                .sum();
        return !takesLong(model) && states <= MOST_STATE_BYTES ? Optional.of(ofGraph(model, graph)) : Optional.empty();
    }

    /** The graph with weights of which the heap has room for the largest. */
    private static Module readable(CompiledModel model, Module graph) {
        long largest = graph.weights().stream()
                .mapToLong(weight -> weight.type().maxBytes() + weight.type().maxElements() * Float.BYTES)
                .max()
                .orElse(0);
        DeviceProfile parts = model.plan().profile().atMost(DeviceProfile.Limits.ofBinding(PART_BYTES));
        return largest <= MOST_WEIGHT_BYTES
                ? graph
                : Lowering.split(graph, List.of(parts), model.file(), CompileObserver.NONE);
    }

    /** Where each result of a step is left, by its name. */
    private static Map<String, SelfTest.Place> places(CompiledModel model) {
        Map<String, SelfTest.Place> places = new HashMap<>();
        for (Statement statement : step(model.selection().module()).body()) {
            if (statement.op() instanceof Dispatch dispatch) {
                List<Value> results = statement.results();
                for (int result = 0; result < results.size(); result++) {
                    places.put(
                            results.get(result).name(),
                            new SelfTest.Place(results.getFirst().name(), dispatch.slotOf(result)));
                }
            }
        }
        return places;
    }

    /** By the name of a state behind a step, that of the state before it. */
    private static Map<String, String> states(Function step) {
        List<Value> before = step.parameters().stream()
                .filter(parameter -> parameter.type() instanceof StateType)
                .toList();
        List<Value> after = step.results().stream()
                .filter(result -> result.type() instanceof StateType)
                .toList();
        Map<String, String> states = new HashMap<>();
        for (int index = 0; index < before.size(); index++) {
            states.put(after.get(index).name(), before.get(index).name());
        }
        return states;
    }

    private static SelfTest ofGraph(CompiledModel model, Module graph) {
        return ofGraph(model, graph, states(step(graph)), Optional.empty());
    }

    /**
     * The self-test of a graph.
     *
     * @param before by the name of a state behind a step, that of the state before it; of layers that are left out
     *     there are none behind
     */
    private static SelfTest ofGraph(
            CompiledModel model, Module whole, Map<String, String> before, Optional<SelfTest.Gap> gap) {
        Module graph = readable(model, whole);
        Interpreter interpreter =
                new Interpreter(graph, weight -> new DecodedWeights(new ModelTensors(model.file())).decoded(weight));
        Function step = step(graph);
        Map<String, SelfTest.Place> places = places(model);
        Map<String, Tensor> inputs = new HashMap<>();
        for (Value parameter : step.parameters()) {
            if (parameter.type() instanceof StateType state) {
                TensorType contents = state.contents();
                inputs.put(
                        parameter.name(),
                        Tensor.zeros(Math.toIntExact(contents.rows().max()), Math.toIntExact(contents.columns())));
            }
        }
        List<Integer> tokens = new ArrayList<>();
        List<SelfTest.Digest> digests = new ArrayList<>();
        for (int position = 0; position < TOKENS; position++) {
            int at = position;
            int token = (int) ((position + 1L) * model.facts().vocabularySize() / (TOKENS + 1));
            tokens.add(token);
            inputs.put("tokens", Tensor.ints(new int[] {token}, 1));
            inputs.put("position", Tensor.position(position));
            digests.clear();
            FirstNotFinite first = new FirstNotFinite();
            Map<String, Tensor> results = interpreter.run(EntryPoint.STEP, inputs, (statement, values) -> {
                first.done(statement, values);
                require(first, token, at);
                for (int result = 0; result < values.size(); result++) {
                    if (statement.results().get(result).type() instanceof TensorType
                            && !Slice.incomplete(statement.op())) {
                        SelfTest.Place place = Objects.requireNonNull(
                                places.get(statement.results().get(result).name()));
                        digests.add(SelfTest.Digest.of(
                                place.label(),
                                place.binding(),
                                values.get(result).floats()));
                    }
                }
            });
            step.results().stream()
                    .filter(result -> result.type() instanceof StateType)
                    .forEach(result -> inputs.put(
                            Objects.requireNonNull(before.get(result.name())),
                            Objects.requireNonNull(results.get(result.name()))));
        }
        return new SelfTest(tokens, digests, gap);
    }

    private static void require(FirstNotFinite first, int token, int position) {
        first.found().ifPresent(found -> {
            throw new IllegalArgumentException("The model cannot run as it is compiled, tried with token " + token
                    + " at position " + position + ": " + found + ". " + first.advice());
        });
    }
}
