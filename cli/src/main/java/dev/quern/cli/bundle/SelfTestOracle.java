package dev.quern.cli.bundle;

import dev.quern.cli.ir.FirstNotFinite;
import dev.quern.compiler.CompileOptions;
import dev.quern.compiler.CompiledModel;
import dev.quern.gguf.architecture.Architectures;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Slice;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.passes.Pipeline;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.bundle.SelfTest;
import dev.quern.reference.DecodedWeights;
import dev.quern.reference.Interpreter;
import dev.quern.reference.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes a bundle's self-test with the reference interpreter, on the fused graph: its statements are the steps of the
 * plan, under the same names. Weights are decoded when they are used and not kept, and the graph is built anew with
 * room for a few positions only, so the largest weight is what this takes of the heap.
 */
public final class SelfTestOracle {
    /** The interpreter is plain Java: larger models would keep people waiting for minutes. */
    private static final long MOST_PARAMETERS = 1_000_000_000;

    /** Bytes of a weight, encoded and decoded together, that the heap has room for beside all else. */
    private static final long MOST_WEIGHT_BYTES = 256L << 20;

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
     * The self-test of a model; none for one that is too large.
     *
     * @param pipeline the passes that the model was compiled with
     * @throws IllegalArgumentException if the model computes numbers that are not finite, so that nothing could be
     *     generated
     */
    public static Optional<SelfTest> of(CompiledModel model, Pipeline pipeline) {
        // The graph is built anew with room for a few positions: what a step computes does not depend on them.
        Module graph = pipeline.run(Architectures.of(model.file())
                .build(
                        model.file(),
                        CompileOptions.graph(POSITIONS, POSITIONS, model.facts().cacheEncoding())));
        return isSmall(model, graph) ? Optional.of(ofGraph(model, graph)) : Optional.empty();
    }

    /**
     * The self-test of a graph that was written down, which decides itself how many positions there are.
     *
     * @throws IllegalArgumentException if the graph computes numbers that are not finite
     */
    public static Optional<SelfTest> ofWritten(CompiledModel model) {
        Module graph = model.optimised();
        long states = graph.function(EntryPoint.STEP).orElseThrow().parameters().stream()
                .map(Value::type)
                .filter(StateType.class::isInstance)
                .mapToLong(type -> ((StateType) type).contents().maxElements() * Float.BYTES)
                .sum();
        return isSmall(model, graph) && states <= MOST_STATE_BYTES ? Optional.of(ofGraph(model, graph)) : Optional.empty();
    }

    private static boolean isSmall(CompiledModel model, Module graph) {
        long largest = graph.weights().stream()
                .mapToLong(weight -> weight.type().maxBytes() + weight.type().maxElements() * Float.BYTES)
                .max()
                .orElse(0);
        return model.facts().parameters() <= MOST_PARAMETERS && largest <= MOST_WEIGHT_BYTES;
    }

    private static SelfTest ofGraph(CompiledModel model, Module graph) {
        Interpreter interpreter =
                new Interpreter(graph, weight -> new DecodedWeights(new ModelTensors(model.file())).decoded(weight));
        Function step = graph.function(EntryPoint.STEP).orElseThrow();
        Map<String, Tensor> inputs = new HashMap<>();
        List<Value> states = step.parameters().stream()
                .filter(parameter -> parameter.type() instanceof StateType)
                .toList();
        for (Value state : states) {
            inputs.put(
                    state.name(),
                    Tensor.zeros(
                            Math.toIntExact(state.state().rows().max()),
                            Math.toIntExact(state.state().columns())));
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
                if (statement.results().getFirst().type() instanceof TensorType && !Slice.incomplete(statement.op())) {
                    digests.add(SelfTest.Digest.of(
                            statement.results().getFirst().name(),
                            values.getFirst().floats()));
                }
            });
            List<Tensor> after = step.results().stream()
                    .filter(result -> result.type() instanceof StateType)
                    .map(result -> results.get(result.name()))
                    .toList();
            for (int index = 0; index < states.size(); index++) {
                inputs.put(states.get(index).name(), after.get(index));
            }
        }
        return new SelfTest(tokens, digests);
    }

    private static void require(FirstNotFinite first, int token, int position) {
        first.found().ifPresent(found -> {
            throw new IllegalArgumentException("The model cannot run as it is compiled, tried with token " + token
                    + " at position " + position + ": " + found + ". " + first.advice());
        });
    }
}
