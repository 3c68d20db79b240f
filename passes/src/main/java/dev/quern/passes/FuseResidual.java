package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp.Add;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.MatMul;
import dev.quern.ir.Value;
import java.util.Optional;

/**
 * Adds the residual where the product is written.
 *
 * <pre>
 * %m = matmul %x, @w
 * %y = add %h, %m         →    %y = linear %x, @w {residual = %h}
 * </pre>
 *
 * <p>Where both sides are products, the one defined later takes the other as its residual.
 *
 * <p>When not: the product has another use and is written anyway, has a residual already, or is added to itself.
 */
public final class FuseResidual implements Pass {
    @Override
    public String name() {
        return "fuse-residual";
    }

    @Override
    public Module run(Module module, PassReport report) {
        return Functions.each(module, function -> fuse(function, report));
    }

    private Function fuse(Function function, PassReport report) {
        Uses uses = new Uses(function);
        Rewriter rewriter = new Rewriter(function);
        for (Statement statement : function.body()) {
            Optional<Linear> fused = Functions.as(statement.op(), Add.class).flatMap(add -> match(add, uses));
            if (fused.isPresent()) {
                rewriter.add(statement.results(), fused.get());
                report.done(
                        name(),
                        Functions.where(function, statement.result()),
                        "The sum went into the product with " + fused.get().weight() + ".");
            } else {
                rewriter.add(statement);
                if (statement.op() instanceof Add add) {
                    report.left(name(), Functions.where(function, statement.result()), reason(add, uses));
                }
            }
        }
        return Functions.dropUnused(rewriter.build(), function);
    }

    private static Optional<Linear> match(Add add, Uses uses) {
        boolean leftIsLater = uses.definition(add.left()) > uses.definition(add.right());
        Value later = leftIsLater ? add.left() : add.right();
        Value earlier = leftIsLater ? add.right() : add.left();
        return match(later, earlier, uses).or(() -> match(earlier, later, uses));
    }

    private static Optional<Linear> match(Value product, Value residual, Uses uses) {
        return uses.once(product) ? product(product, uses).map(l -> with(l, residual)) : Optional.empty();
    }

    private static Linear with(Linear linear, Value residual) {
        return new Linear(linear.x(), linear.norm(), linear.weight(), linear.gated(), Optional.of(residual));
    }

    private static Optional<Linear> product(Value value, Uses uses) {
        return uses.made(value, MatMul.class)
                .map(m -> new Linear(m.x(), Optional.empty(), m.weight(), false, Optional.empty()))
                .or(() ->
                        uses.made(value, Linear.class).filter(l -> l.residual().isEmpty()));
    }

    private static String reason(Add add, Uses uses) {
        for (Value side : new Value[] {add.left(), add.right()}) {
            if (product(side, uses).isPresent()) {
                return "The product " + side + " has another use.";
            }
        }
        return "Neither side is a product without a residual.";
    }
}
