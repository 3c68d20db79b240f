package dev.quern.cli.bisect;

import dev.quern.cli.bisect.Observation.Called;
import dev.quern.cli.bisect.Observation.Gap;
import dev.quern.codegen.Selection;
import dev.quern.ir.Dispatch;
import dev.quern.ir.Encoding;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Slice;
import dev.quern.ir.StateType;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Type;
import dev.quern.ir.Value;
import dev.quern.plan.EntryPoint;
import dev.quern.reference.Numerics;
import dev.quern.reference.StateRows;
import dev.quern.reference.Tensor;
import dev.quern.runtime.Executor;
import dev.quern.runtime.Stepwise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Compares a device with the interpreter, dispatch by dispatch, through the calls of {@link Workload#ofTokens}. Every
 * dispatch is checked before the next runs, writes to states included. Rounding adds up from layer to layer; so a
 * result that departs is held to what the interpreter computes from the very values that the device read, before its
 * kernel is called wrong.
 */
public final class KernelWalk {
    /** The error of a block of which one element, the largest, is off by one of its 127 steps. */
    private static final double LIMIT_OF_BLOCKS = 1.0 / (127 * 127);

    private final Module module;
    private final ReferenceRun.Interpreters interpreters;
    private final Selection selection;
    private final Executor executor;
    private final double limit;
    private final Runnable tick;

    /**
     * A walk over an executor's plan.
     *
     * @param module what was observed; its values have the names of the module that kernels were selected for, where
     *     several kernels may compute what is one value here, a slice each
     * @param interpreters computes single statements of it again
     * @param selection the kernels
     * @param executor of the plan emitted from the selection; its states are overwritten
     * @param limit the largest normalised mean squared error that counts as agreement
     * @param tick called after each dispatch; may throw to give up
     */
    public KernelWalk(
            Module module,
            ReferenceRun.Interpreters interpreters,
            Selection selection,
            Executor executor,
            double limit,
            Runnable tick) {
        this.module = module;
        this.interpreters = interpreters;
        this.selection = selection;
        this.executor = executor;
        this.limit = limit;
        this.tick = tick;
    }

    /**
     * Walks.
     *
     * @param expected what the interpreter computed, on a module whose values have the same names
     */
    public KernelVerdict find(Observation expected) {
        Walk walk = new Walk();
        for (Called called : expected.calls()) {
            walk.call(called);
            if (walk.wrong.isPresent()) {
                return walk.wrong.get();
            }
        }
        return new KernelVerdict.Agrees(walk.dispatches, walk.again, walk.worst);
    }

    /** One walk. */
    private final class Walk {
        private final Stepwise stepwise = new Stepwise(executor);
        private final Map<String, Tensor> held = new HashMap<>();
        private int dispatches;
        private int again;
        private Optional<Gap> worst = Optional.empty();
        private Optional<KernelVerdict> wrong = Optional.empty();

        void call(Called called) {
            Stepwise.Visitor visitor = (index, step) -> check(called, index, step);
            Workload.Call call = called.call();
            if (call.function().equals(EntryPoint.PICK)) {
                stepwise.pick(visitor);
                return;
            }
            held.putAll(call.inputs());
            int[] tokens = call.tokens();
            int position = call.position();
            if (call.function().equals(EntryPoint.STEP)) {
                stepwise.step(tokens[0], position, visitor);
            } else {
                stepwise.prefill(tokens, position, visitor);
            }
        }

        private boolean check(Called called, int index, EntryPoint.Step step) {
            dispatches++;
            tick.run();
            Function function = function(selection.module(), called.call());
            Statement statement = function.body().get(index);
            if (!(statement.op() instanceof Dispatch dispatch)) {
                throw new IllegalArgumentException("not lowered: " + statement);
            }
            if (Slice.incomplete(dispatch)) {
                // It is looked at together with the other slices, where the last is computed.
                return true;
            }
            Statement op =
                    defining(called.call(), statement.results().getFirst().name());
            List<Tensor> found = found(called, statement, dispatch, step);
            Optional<Map<String, Tensor>> alone = Optional.empty();
            for (int result = 0; result < found.size(); result++) {
                String name = statement.results().get(result).name();
                double allowed = allowed(statement.results().get(result).type());
                Tensor expected = called.call().function().equals(EntryPoint.PICK)
                        ? picked(step)
                        : Observation.require(called, name);
                Gap gap = gap(called.call(), statement.results().get(result), expected, found.get(result));
                if (!(gap.nmse() <= allowed) && !expected.integral()) {
                    again += alone.isEmpty() ? 1 : 0;
                    alone = alone.or(() -> Optional.of(alone(op)));
                    expected = Objects.requireNonNull(alone.get().get(name));
                    gap = gap(called.call(), statement.results().get(result), expected, found.get(result));
                }
                if (!(gap.nmse() <= allowed)) {
                    wrong = Optional.of(wrong(function, slice(function, index, called.call(), gap.element()), gap, op));
                    return false;
                }
                if (allowed == limit
                        && (worst.isEmpty() || gap.nmse() > worst.get().nmse())) {
                    worst = Optional.of(gap);
                }
            }
            return true;
        }

        private KernelVerdict wrong(Function function, int index, Gap gap, Statement op) {
            Statement statement = function.body().get(index);
            Dispatch dispatch = (Dispatch) statement.op();
            return new KernelVerdict.Wrong(dispatches, index, gap, op, statement, selection.kernel(dispatch));
        }

        /**
         * What the dispatch left, and what it left it in: a state that it wrote to is read after the write, which
         * leaves the rows before.
         */
        private List<Tensor> found(Called called, Statement statement, Dispatch dispatch, EntryPoint.Step step) {
            List<Tensor> found = new ArrayList<>();
            for (int result = 0; result < statement.results().size(); result++) {
                Value value = statement.results().get(result);
                Tensor tensor = read(called, value, step.bindings().get(dispatch.slotOf(result)));
                found.add(tensor);
                held.put(value.name(), tensor);
                if (value.type() instanceof StateType) {
                    dispatch.takenOver(result).ifPresent(taken -> held.put(taken.name(), tensor));
                }
            }
            return found;
        }

        private Tensor read(Called called, Value value, EntryPoint.Bound bound) {
            Tensor expected = Observation.require(called, value.name());
            int[] shape = expected.shape().stream().mapToInt(Integer::intValue).toArray();
            return switch (value.type()) {
                case StateType state -> {
                    int rows = filled(called.call(), expected);
                    int bytes = Math.toIntExact(rows * state.rowBytes());
                    float[] filled = StateRows.decode(state, stepwise.read(bound, bytes));
                    yield Tensor.floats(Arrays.copyOf(filled, expected.floats().length), shape);
                }
                case TensorType tensor ->
                    expected.integral()
                            ? integers(bound, expected)
                            : Tensor.floats(stepwise.readFloats(bound, expected.floats().length), shape);
            };
        }

        /** Rows of a state that were written. */
        private static int filled(Workload.Call call, Tensor state) {
            return Math.min(call.position() + call.tokens().length, state.rows());
        }

        /** What is allowed of a value: an element of a block may be rounded to the step beside it. */
        private double allowed(Type type) {
            return type instanceof StateType state && state.contents().encoding() == Encoding.Block.Q8_0
                    ? Math.max(limit, LIMIT_OF_BLOCKS)
                    : limit;
        }

        /** Of a state the rows that are filled. */
        private Gap gap(Workload.Call call, Value value, Tensor expected, Tensor found) {
            if (!(value.type() instanceof StateType)) {
                return Observation.gap(call, value.name(), expected, found);
            }
            int count = filled(call, expected) * expected.columns();
            return Observation.gap(
                    call, value.name(), Arrays.copyOf(expected.floats(), count), Arrays.copyOf(found.floats(), count));
        }

        /** Has the interpreter compute a statement from what the device read. */
        private Map<String, Tensor> alone(Statement statement) {
            List<Value> operands = statement.op().operands().stream()
                    .filter(value -> value.kind() == Value.Kind.LOCAL)
                    .distinct()
                    .toList();
            Map<String, Tensor> inputs = new HashMap<>();
            for (Value operand : operands) {
                inputs.put(operand.name(), copy(Objects.requireNonNull(held.get(operand.name()))));
            }
            Function function = new Function("alone", operands, List.of(statement), statement.results());
            return interpreters
                    .of(module.with(module.weights(), List.of(function)))
                    .run(function.name(), inputs);
        }

        /** The interpreter overwrites states. */
        private static Tensor copy(Tensor tensor) {
            int[] shape = tensor.shape().stream().mapToInt(Integer::intValue).toArray();
            return tensor.integral() ? tensor : Tensor.floats(tensor.floats().clone(), shape);
        }

        /**
         * The largest of the logits that the device has: where two are nearly equal, the interpreter's may be another.
         */
        private Tensor picked(EntryPoint.Step step) {
            EntryPoint.Bound logits = step.bindings().getFirst();
            float[] row = stepwise.readFloats(logits, Math.toIntExact(logits.bytes() / Float.BYTES));
            boolean finite = Numerics.firstNotFinite(row) < 0;
            return Tensor.ints(new int[] {finite ? Numerics.argMax(row) : TensorOp.ArgMax.NONE}, 1);
        }

        private Tensor integers(EntryPoint.Bound bound, Tensor like) {
            int[] found = new int[like.ints().length];
            stepwise.read(bound, Math.multiplyExact(found.length, Integer.BYTES))
                    .asIntBuffer()
                    .get(found);
            return Tensor.ints(
                    found, like.shape().stream().mapToInt(Integer::intValue).toArray());
        }
    }

    /** The place of the dispatch that computed an element; another than that of its value, where that is in slices. */
    private static int slice(Function function, int last, Workload.Call call, int element) {
        int index = last;
        Optional<Slice> slice = Slice.of(function.body().get(index).op());
        if (slice.isEmpty() || element < 0) {
            return index;
        }
        Statement statement = function.body().get(index);
        int columns = Math.toIntExact(statement.result().tensor().columns());
        boolean lookup = ((Dispatch) statement.op()).computes() instanceof TensorOp.Embed;
        long row = lookup ? Integer.toUnsignedLong(call.tokens()[element / columns]) : element % columns;
        while (slice.isPresent() && row < slice.get().start()) {
            Value others = slice.get().others().orElseThrow();
            do {
                index--;
            } while (!function.body().get(index).results().contains(others));
            slice = Slice.of(function.body().get(index).op());
        }
        return index;
    }

    private Statement defining(Workload.Call call, String name) {
        return function(module, call).body().stream()
                .filter(statement -> statement.results().stream()
                        .anyMatch(result -> result.name().equals(name)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no statement defines %" + name));
    }

    private static Function function(Module module, Workload.Call call) {
        return module.function(call.function()).orElseThrow();
    }
}
