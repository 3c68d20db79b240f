package dev.quern.cli.bisect;

import dev.quern.ir.Dim;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.StateType;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.plan.EntryPoint;
import dev.quern.reference.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What is computed to compare modules: calls of their functions, in order.
 *
 * @param calls at least one
 */
public record Workload(List<Call> calls) {
    /** The most tokens that a call of {@code prefill} reads. */
    public static final int CHUNK = 4;

    /** What a symbol is bound to where nothing else says it. */
    private static final int EXTENT = 3;

    /** The position of calls that are made up, where there is room. */
    private static final int POSITION = 2;

    public Workload {
        calls = List.copyOf(calls);
    }

    /**
     * A call. States that are not given are those that the call before left, or zeros; other parameters that are not
     * given are results of the call before, by name.
     *
     * @param label for people: {@code @step at position 2}
     * @param function its name
     * @param inputs what is given, by the parameters' names; left as they are
     * @param fresh whether states begin as zeros
     */
    public record Call(String label, String function, Map<String, Tensor> inputs, boolean fresh) {
        public Call {
            inputs = Map.copyOf(inputs);
        }

        /** The tokens of a call of a model. */
        int[] tokens() {
            return given("tokens").ints();
        }

        /** The position of the first token of a call of a model. */
        int position() {
            return given("position").ints()[0];
        }

        private Tensor given(String name) {
            return Objects.requireNonNull(inputs.get(name), () -> label + " is given no " + name);
        }
    }

    /**
     * Tokens of a model: each by a {@code step}; then once more, all but the last by {@code prefill}; then
     * {@code pick}.
     *
     * @param tokens at least one
     */
    public static Workload ofTokens(List<Integer> tokens) {
        if (tokens.isEmpty()) {
            throw new IllegalArgumentException("At least one token is needed to compare anything.");
        }
        List<Call> calls = new ArrayList<>();
        for (int position = 0; position < tokens.size(); position++) {
            calls.add(call(EntryPoint.STEP, tokens, position, position + 1, position == 0));
        }
        int last = tokens.size() - 1;
        for (int first = 0; first < last; first += CHUNK) {
            calls.add(call(EntryPoint.PREFILL, tokens, first, Math.min(first + CHUNK, last), first == 0));
        }
        if (last > 0) {
            calls.add(call(EntryPoint.STEP, tokens, last, last + 1, false));
        }
        calls.add(new Call("@" + EntryPoint.PICK, EntryPoint.PICK, Map.of(), false));
        return new Workload(calls);
    }

    private static Call call(String function, List<Integer> tokens, int from, int to, boolean fresh) {
        int[] ids =
                tokens.subList(from, to).stream().mapToInt(Integer::intValue).toArray();
        String where = ids.length == 1 ? "position " + from : "positions " + from + " to " + (to - 1);
        return new Call(
                "@" + function + " at " + where,
                function,
                Map.of("tokens", Tensor.ints(ids, ids.length), "position", Tensor.position(from)),
                fresh);
    }

    /** Each function of any module once, on made-up inputs that are the same in every run. */
    public static Workload ofModule(Module module) {
        List<Call> calls = new ArrayList<>();
        for (Function function : module.functions()) {
            Map<String, Tensor> inputs = new LinkedHashMap<>();
            Set<Value> positions = positions(function);
            int rows = tableRows(function);
            int position = position(function);
            for (Value parameter : function.parameters()) {
                SplittableRandom random = new SplittableRandom(parameter.name().hashCode());
                inputs.put(
                        parameter.name(),
                        positions.contains(parameter)
                                ? Tensor.position(position)
                                : switch (parameter.type()) {
                                    case StateType state -> tensor(state.contents(), random, rows);
                                    case TensorType tensor -> tensor(tensor, random, rows);
                                });
            }
            calls.add(new Call("@" + function.name(), function.name(), inputs, true));
        }
        return new Workload(calls);
    }

    private static Set<Value> positions(Function function) {
        Set<Value> positions = new HashSet<>();
        for (Statement statement : function.body()) {
            switch (statement.op()) {
                case TensorOp.Rope op -> positions.add(op.position());
                case TensorOp.StateWrite op -> positions.add(op.position());
                case TensorOp.Attention op -> positions.add(op.position());
                case TensorOp.PlaceHeads op -> positions.add(op.position());
                default -> {}
            }
        }
        return positions;
    }

    /** Late enough for what lies before it to count, where the states have room. */
    private static int position(Function function) {
        long room = function.parameters().stream()
                .filter(parameter -> parameter.type() instanceof StateType)
                .mapToLong(parameter -> parameter.state().rows().max())
                .min()
                .orElse(Long.MAX_VALUE);
        return Math.clamp(room - EXTENT, 0, POSITION);
    }

    /** The fewest rows of a table that tokens look up. */
    private static int tableRows(Function function) {
        return (int) function.body().stream()
                .filter(statement -> statement.op() instanceof TensorOp.Embed)
                .mapToLong(statement -> ((TensorOp.Embed) statement.op())
                        .table()
                        .tensor()
                        .rows()
                        .max())
                .min()
                .orElse(1);
    }

    private static Tensor tensor(TensorType type, SplittableRandom random, int rows) {
        int[] shape = new int[type.shape().size()];
        int elements = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = switch (type.shape().get(axis)) {
                case Dim.Fixed fixed -> Math.toIntExact(fixed.extent());
                case Dim.Symbol symbol -> (int) Math.min(EXTENT, symbol.max());
            };
            elements = Math.multiplyExact(elements, shape[axis]);
        }
        if (type.encoding() == Encoding.Scalar.U32) {
            return Tensor.ints(random.ints(elements, 0, rows).toArray(), shape);
        }
        float[] data = new float[elements];
        for (int index = 0; index < elements; index++) {
            data[index] = (float) random.nextDouble(-2, 2);
        }
        return Tensor.floats(data, shape);
    }
}
