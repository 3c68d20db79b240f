package dev.quern.endtoend;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.Pointwise;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp;
import dev.quern.ir.TensorOp.Columns;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.PlaceHeads;
import dev.quern.ir.TensorOp.RmsNorm;
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
                case RmsNorm op -> with(statement, new RmsNorm(op.x(), op.gain(), 0.01f, op.finish()));
                case Linear op
                when op.norm().isPresent() ->
                    with(
                            statement,
                            new Linear(
                                    op.x(),
                                    Optional.of(new Linear.Norm(op.norm().get().gain(), 0.01f)),
                                    op.weight(),
                                    op.parts(),
                                    op.finish()));
                default -> List.of(statement);
            };
        }
    },
    /** What was to be added to the stream replaces it. */
    DROPPED_RESIDUAL {
        @Override
        List<Statement> changed(Statement statement) {
            return switch (statement.op()) {
                case TensorOp.Map op -> with(statement, new TensorOp.Map(dropped(op.expression())));
                case Linear op -> with(statement, op.with(op.parts(), dropped(op.finish())));
                default -> List.of(statement);
            };
        }

        // Of a sum, what stands on the right.
        private Pointwise dropped(Pointwise expression) {
            return expression instanceof Pointwise.Binary(Pointwise.Operator operator, Pointwise left, Pointwise right)
                            && operator == Pointwise.Operator.ADD
                    ? right
                    : expression;
        }
    },
    /** The gate is taken for the other half, and the other half for the gate. */
    SWAPPED_GATE {
        @Override
        List<Statement> changed(Statement statement) {
            return switch (statement.op()) {
                case TensorOp.Map op -> with(statement, new TensorOp.Map(swapped(op.expression())));
                case Linear op -> with(statement, op.with(op.parts(), swapped(op.finish())));
                default -> List.of(statement);
            };
        }

        // Of a product of two, the operand of the function on its left exchanged for what stands on the right.
        private Pointwise swapped(Pointwise expression) {
            return expression
                            instanceof
                            Pointwise.Binary(
                                    Pointwise.Operator operator,
                                    Pointwise.Unary(Pointwise.Function function, Pointwise gate),
                                    Pointwise up)
                    ? new Pointwise.Binary(operator, new Pointwise.Unary(function, up), gate)
                    : expression;
        }
    },
    /** The fused rotation exchanges keys' and values' states, where they are alike. */
    EXCHANGED_STATES {
        @Override
        List<Statement> changed(Statement statement) {
            if (!(statement.op() instanceof PlaceHeads op)) {
                return List.of(statement);
            }
            Value one = op.keys();
            Value other = op.values();
            return with(
                    statement,
                    new PlaceHeads(
                            op.query(),
                            op.key(),
                            op.value(),
                            op.position(),
                            other,
                            one,
                            op.factors(),
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
                case TensorOp.Map op ->
                    with(statement, new Columns(op.operands().getFirst(), 0, 1));
                case Linear op
                when !op.finish().values().isEmpty() ->
                    with(statement, new Columns(op.finish().values().getFirst(), 0, 1));
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
