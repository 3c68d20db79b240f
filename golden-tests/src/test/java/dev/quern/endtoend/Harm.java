package dev.quern.endtoend;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp.Add;
import dev.quern.ir.TensorOp.Columns;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.RmsNorm;
import dev.quern.ir.TensorOp.RopeWrite;
import dev.quern.ir.TensorOp.Scale;
import dev.quern.ir.TensorOp.SwiGlu;
import dev.quern.ir.Value;
import dev.quern.passes.Pass;
import dev.quern.passes.PassReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Passes that change what is computed, whether operations stand alone or are fused already. The graph stays
 * well-formed.
 */
enum Harm implements Pass {
    /** Another epsilon in every normalisation. */
    WRONG_EPSILON {
        @Override
        List<Statement> changed(Statement statement) {
            return switch (statement.op()) {
                case RmsNorm op -> with(statement, new RmsNorm(op.x(), op.gain(), 0.01f));
                case Linear op
                when op.norm().isPresent() ->
                    with(
                            statement,
                            new Linear(
                                    op.x(),
                                    Optional.of(new Linear.Norm(op.norm().get().gain(), 0.01f)),
                                    op.weight(),
                                    op.gated(),
                                    op.residual()));
                default -> List.of(statement);
            };
        }
    },
    /** What was to be added to the stream replaces it. */
    DROPPED_RESIDUAL {
        @Override
        List<Statement> changed(Statement statement) {
            return switch (statement.op()) {
                case Add op -> with(statement, new Scale(op.right(), 1));
                case Linear op
                when op.residual().isPresent() ->
                    with(statement, new Linear(op.x(), op.norm(), op.weight(), op.gated(), Optional.empty()));
                default -> List.of(statement);
            };
        }
    },
    /** The gate is taken for the other half, and the other half for the gate. */
    SWAPPED_GATE {
        @Override
        List<Statement> changed(Statement statement) {
            return switch (statement.op()) {
                case SwiGlu op -> with(statement, new SwiGlu(op.up(), op.gate()));
                case Linear op
                when op.gated() -> {
                    Linear both = new Linear(op.x(), op.norm(), op.weight(), false, Optional.empty());
                    Value product = result(statement, "both", both);
                    long half = product.tensor().columns() / 2;
                    Columns first = new Columns(product, 0, half);
                    Columns second = new Columns(product, half, half);
                    Value gate = result(statement, "gate_part", first);
                    Value up = result(statement, "up_part", second);
                    yield List.of(
                            new Statement(List.of(product), both),
                            new Statement(List.of(gate), first),
                            new Statement(List.of(up), second),
                            new Statement(statement.results(), new SwiGlu(up, gate)));
                }
                default -> List.of(statement);
            };
        }

        private Value result(Statement statement, String suffix, Op op) {
            return Value.local(
                    statement.result().name() + "." + suffix, op.infer().getFirst());
        }
    },
    /** The fused rotation exchanges keys' and values' states, where they are alike. */
    EXCHANGED_STATES {
        @Override
        List<Statement> changed(Statement statement) {
            if (!(statement.op() instanceof RopeWrite op)) {
                return List.of(statement);
            }
            Value one = op.keys();
            Value other = op.values();
            return with(
                    statement,
                    new RopeWrite(
                            op.qkv(),
                            op.position(),
                            op.factors(),
                            other,
                            one,
                            op.heads(),
                            op.keyValueHeads(),
                            op.rotation()));
        }
    },
    /** A result of another shape, which the verifier refuses. */
    WRONG_TYPE {
        @Override
        List<Statement> changed(Statement statement) {
            return switch (statement.op()) {
                case Add op -> with(statement, new Columns(op.left(), 0, 1));
                case Linear op
                when op.residual().isPresent() ->
                    with(statement, new Columns(op.residual().get(), 0, 1));
                default -> List.of(statement);
            };
        }
    };

    /** What a statement becomes. */
    abstract List<Statement> changed(Statement statement);

    @Override
    public Module run(Module module, PassReport report) {
        List<Function> functions = new ArrayList<>();
        for (Function function : module.functions()) {
            List<Statement> body = new ArrayList<>();
            function.body().forEach(statement -> body.addAll(changed(statement)));
            functions.add(function.with(body, function.results()));
        }
        return module.with(module.weights(), functions);
    }

    private static List<Statement> with(Statement statement, Op op) {
        return List.of(new Statement(statement.results(), op));
    }
}
