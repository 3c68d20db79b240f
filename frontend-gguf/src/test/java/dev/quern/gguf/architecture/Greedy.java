package dev.quern.gguf.architecture;

import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufTensor;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.StateType;
import dev.quern.ir.Value;
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

/** Runs a module with the oracle, carrying the states from call to call. */
final class Greedy {
    private final Module module;
    private final Interpreter interpreter;
    private final Map<String, Tensor> states = new HashMap<>();
    private int position;

    Greedy(GgufFile file, GraphOptions options) {
        module = Architectures.of(file).build(file, options);
        interpreter = new Interpreter(module, new DecodedWeights(name -> bytes(file, file.requireTensor(name))));
        for (Value parameter : module.function("step").orElseThrow().parameters()) {
            if (parameter.type() instanceof StateType state) {
                states.put(
                        parameter.name(),
                        Tensor.zeros((int) state.contents().rows().max(), (int)
                                state.contents().columns()));
            }
        }
    }

    /** Reads tokens without logits. */
    void prefill(int... tokens) {
        call("prefill", tokens);
    }

    /** Reads one token; its logits. */
    float[] step(int token) {
        return call("step", token).getFirst().floats();
    }

    /** The token that the graph picks. */
    int pick(float[] logits) {
        Tensor token = interpreter
                .run("pick", Map.of("logits", Tensor.floats(logits, 1, logits.length)))
                .get("token");
        if (token == null) {
            throw new AssertionError("pick has no result named token");
        }
        return token.ints()[0];
    }

    /** Reads a prompt and continues it with the tokens of the largest logits. */
    List<Integer> continueWith(int count, int... prompt) {
        float[] logits = {};
        for (int token : prompt) {
            logits = step(token);
        }
        var chosen = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            int token = pick(logits);
            chosen.add(token);
            logits = step(token);
        }
        return chosen;
    }

    private List<Tensor> call(String name, int... tokens) {
        Function function = module.function(name).orElseThrow();
        var inputs = new HashMap<>(states);
        inputs.put("tokens", Tensor.ints(tokens, tokens.length));
        inputs.put("position", Tensor.position(position));
        List<Tensor> results = List.copyOf(interpreter.run(name, inputs).values());
        List<String> names = function.parameters().stream()
                .filter(parameter -> parameter.type() instanceof StateType)
                .map(Value::name)
                .toList();
        int first = results.size() - names.size();
        for (int i = 0; i < names.size(); i++) {
            states.put(names.get(i), results.get(first + i));
        }
        position += tokens.length;
        return results.subList(0, first);
    }

    private static ByteBuffer bytes(GgufFile file, GgufTensor tensor) {
        byte[] data = new byte[(int) tensor.bytes()];
        try {
            file.read(tensor, 0, data, 0, data.length);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    }
}
