package dev.quern.endtoend;

import dev.quern.compiler.CompiledModel;
import dev.quern.gguf.ByteSource;
import dev.quern.gguf.GgufFile;
import dev.quern.gguf.GgufReader;
import dev.quern.gguf.architecture.Architectures;
import dev.quern.gguf.architecture.GraphOptions;
import dev.quern.ir.Encoding;
import dev.quern.ir.Module;
import dev.quern.ir.StateType;
import dev.quern.ir.Value;
import dev.quern.reference.DecodedWeights;
import dev.quern.reference.Interpreter;
import dev.quern.reference.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A model as imported, before any pass, run by the interpreter one token after the other. */
final class ReferenceModel {
    private final Interpreter interpreter;
    private final List<Value> stateParameters;
    private final List<String> resultNames;
    private Map<String, Tensor> states = Map.of();
    private int position;

    ReferenceModel(CompiledModel model) {
        this(model.imported(), model.file());
    }

    private ReferenceModel(Module module, GgufFile file) {
        interpreter = new Interpreter(module, new DecodedWeights(new ModelBytes(file)));
        var step = module.function("step").orElseThrow();
        stateParameters = step.parameters().stream()
                .filter(parameter -> parameter.type() instanceof StateType)
                .toList();
        resultNames = step.results().stream().map(Value::name).toList();
        forget();
    }

    /** A model whose keys and values are kept as they are computed, where devices round them to halves. */
    static ReferenceModel withCachesOfFloats(byte[] model, int positions) {
        GgufFile file = GgufReader.read(ByteSource.of(model));
        var options = new GraphOptions(positions, positions, Encoding.Scalar.F32);
        return new ReferenceModel(Architectures.of(file).build(file, options), file);
    }

    /** Back to position 0, with states of zeros. */
    void forget() {
        states = new HashMap<>();
        for (Value parameter : stateParameters) {
            var contents = parameter.state();
            states.put(parameter.name(), Tensor.zeros((int) contents.rows().max(), (int) contents.columns()));
        }
        position = 0;
    }

    /** The logits after one more token. */
    float[] step(int token) {
        var inputs = new HashMap<>(states);
        inputs.put("tokens", Tensor.ints(new int[] {token}, 1));
        inputs.put("position", Tensor.position(position));
        List<Tensor> results = List.copyOf(interpreter.run("step", inputs).values());
        // Logits first, then the states in the order of the parameters.
        int first = resultNames.size() - stateParameters.size();
        for (int index = 0; index < stateParameters.size(); index++) {
            states.put(stateParameters.get(index).name(), results.get(first + index));
        }
        position++;
        return results.getFirst().floats();
    }

    /** The logits after each of these tokens, which stand at the positions from 0 on. */
    List<float[]> logits(int... tokens) {
        forget();
        List<float[]> rows = new ArrayList<>();
        for (int token : tokens) {
            rows.add(step(token));
        }
        return rows;
    }
}
