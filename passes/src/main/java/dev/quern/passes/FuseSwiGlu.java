package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp.Columns;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.MatMul;
import dev.quern.ir.TensorOp.SwiGlu;
import dev.quern.ir.Value;
import java.util.Optional;

/**
 * Computes the gate where the product is computed, so that only its result is written.
 *
 * <pre>
 * %m = matmul %x, @gate_up
 * %g = columns %m {first half}
 * %u = columns %m {second half}
 * %y = swiglu %g, %u              →    %y = linear %x, @gate_up {gated = true}
 * </pre>
 *
 * <p>When not: gate and up come from two products (their weights could not be merged), are not the halves of one in
 * this order, or one of the values in between has another use and would have to be computed anyway.
 */
public final class FuseSwiGlu implements Pass {
    @Override
    public String name() {
        return "fuse-swiglu";
    }

    @Override
    public Module run(Module module, PassReport report) {
        return Functions.each(module, function -> fuse(function, report));
    }

    private Function fuse(Function function, PassReport report) {
        Uses uses = new Uses(function);
        Rewriter rewriter = new Rewriter(function);
        for (Statement statement : function.body()) {
            Optional<Linear> fused = Functions.as(statement.op(), SwiGlu.class)
                    .flatMap(op -> match(op, uses, function, statement, report));
            if (fused.isPresent()) {
                rewriter.add(statement.results(), fused.get());
                report.done(
                        name(),
                        Functions.where(function, statement.result()),
                        "The gate went into the product with " + fused.get().weight() + ".");
            } else {
                rewriter.add(statement);
            }
        }
        return Functions.dropUnused(rewriter.build(), function);
    }

    private Optional<Linear> match(SwiGlu op, Uses uses, Function function, Statement statement, PassReport report) {
        Optional<Columns> gate = uses.made(op.gate(), Columns.class);
        Optional<Columns> up = uses.made(op.up(), Columns.class);
        if (gate.isEmpty() || up.isEmpty() || !gate.get().x().equals(up.get().x())) {
            return left(report, function, statement, "Gate and up do not come from one product.");
        }
        Value product = gate.get().x();
        long half = gate.get().extent();
        if (gate.get().start() != 0
                || up.get().start() != half
                || product.tensor().columns() != 2 * half) {
            return left(report, function, statement, "Gate and up are not the two halves of " + product + ".");
        }
        if (!uses.once(op.gate()) || !uses.once(op.up()) || uses.of(product).size() != 2) {
            return left(report, function, statement, product + " or a half of it has another use.");
        }
        Optional<Linear> fused = uses.made(product, MatMul.class)
                .map(m -> new Linear(m.x(), Optional.empty(), m.weight(), true, Optional.empty()))
                .or(() -> uses.made(product, Linear.class)
                        .filter(l -> !l.gated() && l.residual().isEmpty())
                        .map(l -> new Linear(l.x(), l.norm(), l.weight(), true, Optional.empty())));
        return fused.isPresent()
                ? fused
                : left(report, function, statement, product + " is not a plain product with a weight.");
    }

    private Optional<Linear> left(PassReport report, Function function, Statement statement, String sentence) {
        report.left(name(), Functions.where(function, statement.result()), sentence);
        return Optional.empty();
    }
}
