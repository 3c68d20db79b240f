package dev.quern.cli.bundle;

import dev.quern.compiler.CompiledModel;
import dev.quern.gguf.GgufTensor;
import dev.quern.ir.Function;
import dev.quern.ir.StateType;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.plan.EntryPoint;
import dev.quern.plan.bundle.SelfTest;
import dev.quern.reference.DecodedWeights;
import dev.quern.reference.Interpreter;
import dev.quern.reference.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes a bundle's self-test with the reference interpreter, on the fused graph: its statements are the steps of the plan, under the same
 * names. Weights are decoded when they are used and not kept, so the largest of them is what this takes of the heap.
 */
public final class SelfTestOracle {
    /** The interpreter is plain Java: larger models would keep people waiting for minutes. */
    private static final long MOST_PARAMETERS = 1_000_000_000;

    /** Two tokens: the second has something to attend to. */
    private static final int TOKENS = 2;

    private SelfTestOracle() {}

    /** The self-test of a model; none for one that is too large. */
    public static Optional<SelfTest> of(CompiledModel model) {
        if (model.facts().parameters() > MOST_PARAMETERS) {
            return Optional.empty();
        }
        Interpreter interpreter = new Interpreter(
                model.optimised(), weight -> new DecodedWeights(name -> bytes(model, name)).decoded(weight));
        Function step = model.optimised().function(EntryPoint.STEP).orElseThrow();
        Map<String, Tensor> inputs = new HashMap<>();
        for (Value parameter : step.parameters()) {
            if (parameter.type() instanceof StateType state) {
                TensorType contents = state.contents();
                inputs.put(parameter.name(), Tensor.zeros((int) contents.rows().max(), (int) contents.columns()));
            }
        }
        List<Value> states = step.parameters().stream()
                .filter(parameter -> parameter.type() instanceof StateType)
                .toList();
        List<Integer> tokens = new ArrayList<>();
        List<SelfTest.Digest> digests = new ArrayList<>();
        for (int position = 0; position < TOKENS; position++) {
            int token = (int) ((position + 1L) * model.facts().vocabularySize() / (TOKENS + 1));
            tokens.add(token);
            inputs.put("tokens", Tensor.ints(new int[] {token}, 1));
            inputs.put("position", Tensor.position(position));
            digests.clear();
            Map<String, Tensor> results = interpreter.run(EntryPoint.STEP, inputs, (statement, values) -> {
                if (statement.results().getFirst().type() instanceof TensorType) {
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
        return Optional.of(new SelfTest(tokens, digests));
    }

    private static ByteBuffer bytes(CompiledModel model, String name) {
        GgufTensor tensor = model.file().requireTensor(name);
        byte[] data = new byte[Math.toIntExact(tensor.bytes())];
        try {
            model.file().read(tensor, 0, data, 0, data.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    }
}
