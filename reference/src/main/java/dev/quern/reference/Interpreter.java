package dev.quern.reference;

import dev.quern.ir.Dispatch;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Slice;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.ir.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs functions of a module. At the {@code dispatch} stage it runs what the kernels compute, not the kernels.
 *
 * <p>A state is a {@link Tensor} of its whole shape. A write overwrites the array of the state that it was given when
 * nothing reads that version later, and copies it otherwise; so the arrays that a caller passes as states are the
 * caller's no more, and the results hold the states to pass to the next call.
 */
public final class Interpreter {

    /** Is told of every statement once its results are known. States among them may be overwritten afterwards. */
    @FunctionalInterface
    public interface Trace {
        void done(Statement statement, List<Tensor> results);
    }

    private final Module module;
    private final WeightSource weights;

    /**
     * An interpreter.
     *
     * @param weights what the module's weights hold, asked for as they are used
     */
    public Interpreter(Module module, WeightSource weights) {
        this.module = module;
        this.weights = weights;
    }

    /** Runs a function; see {@link #run(String, Map, Trace)}. */
    public Map<String, Tensor> run(String function, Map<String, Tensor> inputs) {
        return run(function, inputs, (statement, results) -> {});
    }

    /**
     * Runs a function.
     *
     * @param inputs a tensor for each parameter, by the parameter's name; their extents bind the symbols
     * @return the results by name, in the order of the function's results
     * @throws IllegalArgumentException if there is no such function or the inputs are not what its parameters call for
     */
    public Map<String, Tensor> run(String function, Map<String, Tensor> inputs, Trace trace) {
        Function called = module.function(function)
                .orElseThrow(() -> new IllegalArgumentException("the module \"" + module.name()
                        + "\" has no function @" + function + "; it has "
                        + module.functions().stream().map(f -> "@" + f.name()).toList() + "."));
        return new Run(called, inputs).run(trace);
    }

    /** One call: the values so far. */
    private final class Run {
        private final Function function;
        private final Shapes shapes = new Shapes();
        private final Map<Value, Tensor> values = new HashMap<>();
        private final Map<Value, Integer> lastUses = new HashMap<>();

        Run(Function function, Map<String, Tensor> inputs) {
            this.function = function;
            for (Value parameter : function.parameters()) {
                Tensor input = inputs.get(parameter.name());
                if (input == null) {
                    throw new IllegalArgumentException("@" + function.name() + " takes " + parameter + " ("
                            + parameter.type() + "), and the inputs are "
                            + inputs.keySet().stream().sorted().toList() + ".");
                }
                shapes.bind(parameter, input);
                values.put(parameter, input);
            }
            for (int index = 0; index < function.body().size(); index++) {
                for (Value operand : function.body().get(index).op().operands()) {
                    lastUses.put(operand, index);
                }
            }
            function.results().forEach(result -> lastUses.put(result, Integer.MAX_VALUE));
        }

        Map<String, Tensor> run(Trace trace) {
            for (int index = 0; index < function.body().size(); index++) {
                Statement statement = function.body().get(index);
                List<Tensor> results = switch (statement.op()) {
                    case TensorOp op -> evaluate(op, index);
                    case Dispatch dispatch -> evaluate(dispatch.computes(), index);
                };
                for (int result = 0; result < results.size(); result++) {
                    Value value = statement.results().get(result);
                    shapes.check(value, results.get(result));
                    values.put(value, results.get(result));
                }
                trace.done(statement, results);
                forget(statement.op().operands(), index);
                forget(statement.results(), index);
            }
            Map<String, Tensor> results = new LinkedHashMap<>();
            function.results().forEach(result -> results.put(result.name(), value(result)));
            return results;
        }

        private List<Tensor> evaluate(TensorOp operation, int index) {
            return switch (operation) {
                case TensorOp.Embed op -> List.of(embed(op));
                case TensorOp.RmsNorm op -> List.of(norm(op));
                case TensorOp.MatMul op -> List.of(Arithmetic.matMul(value(op.x()), value(op.weight())));
                case TensorOp.Map op -> List.of(map(op));
                case TensorOp.Columns op ->
                    List.of(Arithmetic.columns(value(op.x()), (int) op.start(), (int) op.extent()));
                case TensorOp.Rope op ->
                    List.of(Arithmetic.rope(
                            value(op.x()), value(op.position()), op.factors().map(this::value), op.rotation()));
                case TensorOp.StateWrite op -> List.of(write(op.state(), value(op.x()), value(op.position()), index));
                case TensorOp.Attention op ->
                    List.of(Arithmetic.attention(
                            value(op.query()), value(op.keys()), value(op.values()), value(op.position()), op));
                case TensorOp.ArgMax op -> List.of(Arithmetic.argMax(value(op.x())));
                case TensorOp.Linear op -> List.of(linear(op, value(op.x())));
                case TensorOp.Products op -> products(op);
                case TensorOp.PlaceHeads op -> placeHeads(op, index);
            };
        }

        private Tensor embed(TensorOp.Embed op) {
            Tensor tokens = value(op.tokens());
            Tensor table = value(op.table());
            return op.slice().isEmpty()
                    ? Arithmetic.embed(tokens, table)
                    : Slices.embed(
                            tokens, table, op.slice().get(), others(op.slice().get()));
        }

        private Optional<Tensor> others(Slice slice) {
            return slice.others().map(this::value);
        }

        private Tensor norm(TensorOp.RmsNorm op) {
            Tensor result = Arithmetic.rmsNorm(value(op.x()), value(op.gain()), op.epsilon());
            return new Elements(List.of(result), this::value).compute(op.finish(), result.rows(), result.columns());
        }

        private List<Tensor> products(TensorOp.Products op) {
            List<Tensor> results = new ArrayList<>();
            op.sum().ifPresent(sum -> results.add(norm(sum.of(op.x()))));
            Tensor input = results.isEmpty() ? value(op.x()) : results.getFirst();
            op.linears(op.x()).forEach(linear -> results.add(linear(linear, input)));
            return results;
        }

        /** Rounds between the parts as the operations do that it was fused from. */
        private Tensor linear(TensorOp.Linear op, Tensor x) {
            Tensor input = x;
            if (op.norm().isPresent()) {
                TensorOp.Linear.Norm norm = op.norm().get();
                input = Arithmetic.rmsNorm(input, value(norm.gain()), norm.epsilon());
            }
            Tensor result = Arithmetic.matMul(input, value(op.weight()));
            int columns = result.columns() / op.parts();
            List<Tensor> parts = new ArrayList<>();
            for (int part = 0; part < op.parts(); part++) {
                parts.add(op.parts() == 1 ? result : Arithmetic.columns(result, part * columns, columns));
            }
            if (op.slice().isEmpty()) {
                return new Elements(parts, this::value).compute(op.finish(), result.rows(), columns);
            }
            Slice slice = op.slice().get();
            // The finish reads vectors and activations of the whole result, so it is computed of that.
            List<Tensor> wide = parts.stream()
                    .map(part -> Slices.columns(part, slice, Optional.empty()))
                    .toList();
            Tensor whole =
                    new Elements(wide, this::value).compute(op.finish(), result.rows(), Math.toIntExact(slice.whole()));
            return Slices.columns(
                    Arithmetic.columns(whole, Math.toIntExact(slice.start()), columns), slice, others(slice));
        }

        private Tensor map(TensorOp.Map op) {
            TensorType type = (TensorType) op.infer().getFirst();
            Tensor x = value(op.operands().stream()
                    .filter(operand -> operand.kind() == Value.Kind.LOCAL)
                    .findFirst()
                    .orElseThrow());
            return new Elements(List.of(), this::value)
                    .compute(op.expression(), x.rows(), Math.toIntExact(type.columns()));
        }

        private List<Tensor> placeHeads(TensorOp.PlaceHeads op, int index) {
            Tensor position = value(op.position());
            Tensor query = rotated(part(op.query(), op.heads() * op.headSize()), position, op);
            int keyWidth = op.keyValueHeads() * op.headSize();
            Tensor key = rotated(part(op.key(), keyWidth), position, op);
            Tensor value = part(op.value(), keyWidth);
            return List.of(query, write(op.keys(), key, position, index), write(op.values(), value, position, index));
        }

        private Tensor part(TensorOp.PlaceHeads.Part part, int width) {
            Tensor columns = Arithmetic.columns(value(part.x()), (int) part.start(), width);
            return part.norm()
                    .map(norm -> Arithmetic.rmsNorm(columns, value(norm.gain()), norm.epsilon()))
                    .orElse(columns);
        }

        private Tensor rotated(Tensor heads, Tensor position, TensorOp.PlaceHeads op) {
            return op.rotation()
                    .map(rotation ->
                            Arithmetic.rope(heads, position, op.factors().map(this::value), rotation))
                    .orElse(heads);
        }

        private Tensor write(Value state, Tensor x, Tensor position, int index) {
            boolean last = lastUses.getOrDefault(state, -1) <= index;
            Tensor target = last ? value(state) : value(state).copy();
            Arithmetic.stateWrite(target, state.state().encoding(), x, position);
            return target;
        }

        private Tensor value(Value value) {
            return switch (value.kind()) {
                case LOCAL -> local(value);
                case WEIGHT -> weight(value);
            };
        }

        private Tensor local(Value value) {
            Tensor tensor = values.get(value);
            if (tensor == null) {
                throw new IllegalArgumentException(value + " (" + value.type() + ") is used in @" + function.name()
                        + " before it is defined; the verifier would have refused this module.");
            }
            return tensor;
        }

        private void forget(List<Value> used, int index) {
            for (Value value : used) {
                if (lastUses.getOrDefault(value, -1) <= index) {
                    values.remove(value);
                }
            }
        }
    }

    private Tensor weight(Value value) {
        Weight weight = module.weight(value.name())
                .orElseThrow(() -> new IllegalArgumentException("the weight " + value
                        + " is used and not declared; the verifier would have refused this module."));
        // Not kept: what stays in memory is for the source to decide.
        return Shapes.fixed(weights.decoded(weight), weight.type());
    }
}
