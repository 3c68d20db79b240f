package dev.quern.cli.bisect;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.StateType;
import dev.quern.ir.Value;
import dev.quern.ir.text.Names;
import dev.quern.reference.Interpreter;
import dev.quern.reference.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/** Has the reference interpreter compute a workload. */
public final class ReferenceRun {
    private final Interpreters interpreters;
    private final Workload workload;
    private final Runnable tick;

    /** Gives the interpreter of a module. */
    @FunctionalInterface
    public interface Interpreters {
        Interpreter of(Module module);
    }

    /**
     * A run that can be repeated.
     *
     * @param tick called after each statement; may throw to give up
     */
    public ReferenceRun(Interpreters interpreters, Workload workload, Runnable tick) {
        this.interpreters = interpreters;
        this.workload = workload;
        this.tick = tick;
    }

    /** What computes it. */
    public Interpreters interpreters() {
        return interpreters;
    }

    /** What is computed. */
    public Workload workload() {
        return workload;
    }

    /** Computes it with a module at the {@code tensor} stage. */
    public Observation run(Module module) {
        Interpreter interpreter = interpreters.of(module);
        List<Observation.Called> calls = new ArrayList<>();
        Map<String, Tensor> states = new HashMap<>();
        Map<String, Tensor> before = Map.of();
        for (Workload.Call call : workload.calls()) {
            Function function = module.function(call.function())
                    .orElseThrow(() -> new IllegalArgumentException("the module " + Names.quote(module.name())
                            + " has no function @" + Names.print(call.function()) + "."));
            if (call.fresh()) {
                states.clear();
            }
            Map<String, Tensor> inputs = inputs(function, call, states, before);
            SequencedMap<String, Tensor> values = new LinkedHashMap<>();
            Map<String, Tensor> last = interpreter.run(call.function(), inputs, (statement, tensors) -> {
                for (int index = 0; index < tensors.size(); index++) {
                    Value result = statement.results().get(index);
                    values.put(result.name(), kept(result, tensors.get(index)));
                }
                tick.run();
            });
            SequencedMap<String, Tensor> results = new LinkedHashMap<>();
            for (Value result : function.results()) {
                results.put(result.name(), kept(result, Objects.requireNonNull(last.get(result.name()))));
            }
            calls.add(new Observation.Called(call, values, results));
            carry(function, last, states);
            before = last;
        }
        return new Observation(calls);
    }

    private static Map<String, Tensor> inputs(
            Function function, Workload.Call call, Map<String, Tensor> states, Map<String, Tensor> before) {
        Map<String, Tensor> inputs = new HashMap<>();
        for (Value parameter : function.parameters()) {
            Tensor given = call.inputs().get(parameter.name());
            if (given != null) {
                inputs.put(parameter.name(), kept(parameter, given));
            } else if (parameter.type() instanceof StateType state) {
                Tensor carried = states.get(parameter.name());
                inputs.put(
                        parameter.name(),
                        carried != null
                                ? carried
                                : Tensor.zeros(
                                        Math.toIntExact(state.contents().rows().max()),
                                        Math.toIntExact(state.contents().columns())));
            } else if (before.get(parameter.name()) != null) {
                inputs.put(parameter.name(), Objects.requireNonNull(before.get(parameter.name())));
            }
        }
        return inputs;
    }

    /** Functions give states back in the order in which they take them. */
    private static void carry(Function function, Map<String, Tensor> results, Map<String, Tensor> states) {
        List<Value> taken = function.parameters().stream()
                .filter(value -> value.type() instanceof StateType)
                .toList();
        List<Value> given = function.results().stream()
                .filter(value -> value.type() instanceof StateType)
                .toList();
        if (taken.size() == given.size()) {
            for (int index = 0; index < taken.size(); index++) {
                states.put(
                        taken.get(index).name(),
                        Objects.requireNonNull(results.get(given.get(index).name())));
            }
        }
    }

    /** States are overwritten later, by the interpreter. */
    private static Tensor kept(Value value, Tensor tensor) {
        return value.type() instanceof StateType
                ? Tensor.floats(
                        tensor.floats().clone(),
                        tensor.shape().stream().mapToInt(Integer::intValue).toArray())
                : tensor;
    }
}
