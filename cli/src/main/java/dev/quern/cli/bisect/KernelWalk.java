package dev.quern.cli.bisect;

import dev.quern.cli.bisect.Observation.Called;
import dev.quern.cli.bisect.Observation.Gap;
import dev.quern.codegen.Selection;
import dev.quern.ir.DispatchOp;
import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.StateType;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorType;
import dev.quern.ir.Value;
import dev.quern.plan.EntryPoint;
import dev.quern.reference.Halves;
import dev.quern.reference.Numerics;
import dev.quern.reference.Tensor;
import dev.quern.runtime.Executor;
import dev.quern.runtime.Stepwise;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Compares a device with the interpreter, dispatch by dispatch, through the calls of {@link Workload#ofTokens}. Every dispatch is checked before
 * the next runs, writes to states included, so the first that is wrong has read what was right: its kernel is the wrong one.
 */
public final class KernelWalk {
    private final Module module;
    private final Selection selection;
    private final Executor executor;
    private final double limit;
    private final Runnable tick;

    /**
     * A walk over an executor's plan.
     *
     * @param module what kernels were selected for
     * @param selection the kernels
     * @param executor of the plan emitted from the selection; its states are overwritten
     * @param limit the largest normalised mean squared error that counts as agreement
     * @param tick called after each dispatch; may throw to give up
     */
    public KernelWalk(Module module, Selection selection, Executor executor, double limit, Runnable tick) {
        this.module = module;
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
        return new KernelVerdict.Agrees(walk.dispatches, walk.worst);
    }

    /** One walk. */
    private final class Walk {
        private final Stepwise stepwise = new Stepwise(executor);
        private int dispatches;
        private Optional<Gap> worst = Optional.empty();
        private Optional<KernelVerdict> wrong = Optional.empty();

        void call(Called called) {
            Stepwise.Visitor visitor = (index, step) -> check(called, index, step);
            Workload.Call call = called.call();
            if (call.function().equals(EntryPoint.PICK)) {
                stepwise.pick(visitor);
                return;
            }
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
            Statement statement =
                    function(selection.module(), called.call()).body().get(index);
            if (!(statement.op() instanceof DispatchOp.Dispatch dispatch)) {
                throw new IllegalArgumentException("not lowered: " + statement);
            }
            int next = dispatch.inputs().size();
            for (int result = 0; result < statement.results().size(); result++) {
                Value value = statement.results().get(result);
                int binding = dispatch.outputs().get(result).inPlace().orElse(next);
                next += binding == next ? 1 : 0;
                Gap gap = gap(called, value, step, step.bindings().get(binding));
                if (!(gap.nmse() <= limit)) {
                    wrong = Optional.of(new KernelVerdict.Wrong(
                            dispatches,
                            index,
                            gap,
                            defining(called.call(), value),
                            statement,
                            selection.kernel(dispatch.kernel())));
                    return false;
                }
                if (worst.isEmpty() || gap.nmse() > worst.get().nmse()) {
                    worst = Optional.of(gap);
                }
            }
            return true;
        }

        private Gap gap(Called called, Value value, EntryPoint.Step step, EntryPoint.Bound bound) {
            Workload.Call call = called.call();
            Tensor expected = Observation.require(called, value.name());
            return switch (value.type()) {
                case StateType state -> {
                    int rows = call.position() + call.tokens().length;
                    int count = rows * expected.columns();
                    yield Observation.gap(
                            call, value.name(), Arrays.copyOf(expected.floats(), count), halves(bound, count));
                }
                case TensorType tensor ->
                    expected.integral()
                            ? Observation.gap(call, value.name(), picked(step), integers(bound, expected))
                            : Observation.gap(
                                    call,
                                    value.name(),
                                    expected.floats(),
                                    stepwise.readFloats(bound, expected.floats().length));
            };
        }

        /** The largest of the logits that the device has: where two are nearly equal, the interpreter's may be another. */
        private Tensor picked(EntryPoint.Step step) {
            EntryPoint.Bound logits = step.bindings().getFirst();
            float[] row = stepwise.readFloats(logits, Math.toIntExact(logits.bytes() / Float.BYTES));
            return Tensor.ints(new int[] {Numerics.argMax(row)}, 1);
        }

        private Tensor integers(EntryPoint.Bound bound, Tensor like) {
            int[] found = new int[like.ints().length];
            stepwise.read(bound, Math.multiplyExact(found.length, Integer.BYTES))
                    .asIntBuffer()
                    .get(found);
            return Tensor.ints(
                    found, like.shape().stream().mapToInt(Integer::intValue).toArray());
        }

        private float[] halves(EntryPoint.Bound bound, int count) {
            ByteBuffer data = stepwise.read(bound, Math.multiplyExact(count, Short.BYTES));
            float[] values = new float[count];
            for (int index = 0; index < count; index++) {
                values[index] = Halves.halfToFloat(data.getShort());
            }
            return values;
        }
    }

    private Statement defining(Workload.Call call, Value value) {
        List<Statement> found = new ArrayList<>();
        for (Statement statement : function(module, call).body()) {
            if (statement.op() instanceof TensorOp && statement.results().contains(value)) {
                found.add(statement);
            }
        }
        return found.getFirst();
    }

    private static Function function(Module module, Workload.Call call) {
        return module.function(call.function()).orElseThrow();
    }
}
