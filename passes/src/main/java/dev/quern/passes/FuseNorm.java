package dev.quern.passes;

import dev.quern.ir.Function;
import dev.quern.ir.Module;
import dev.quern.ir.Op;
import dev.quern.ir.Statement;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.MatMul;
import dev.quern.ir.TensorOp.RmsNorm;
import dev.quern.ir.Value;
import java.util.Optional;

/**
 * Normalises the input of a product where the product reads it.
 *
 * <pre>
 * %n = rms_norm %x, @gain {eps = e}
 * %y = matmul %n, @w                   →    %y = linear %x, @w {norm = @gain, eps = e}
 * </pre>
 *
 * <p>Several products of one norm each take it over: reading a row twice costs less than writing it and starting a
 * kernel for it.
 *
 * <p>When not: the norm is of groups of columns, such as heads; something else finishes it, such as a residual; or it
 * has a use that is no product's input (a result of the function, a residual): then it is computed anyway.
 */
public final class FuseNorm implements Pass {
    @Override
    public String name() {
        return "fuse-norm";
    }

    @Override
    public Module run(Module module, PassReport report) {
        return Functions.each(module, function -> fuse(function, report));
    }

    private Function fuse(Function function, PassReport report) {
        Uses uses = new Uses(function);
        Rewriter rewriter = new Rewriter(function);
        for (Statement statement : function.body()) {
            Op op = statement.op();
            if (op instanceof RmsNorm own && !ofRows(own)) {
                report.left(
                        name(),
                        Functions.where(function, statement.result()),
                        own.plain() ? "It normalises groups of columns." : "It is finished as something else.");
            } else if (op instanceof RmsNorm) {
                note(function, uses, statement.result(), report);
            }
            Optional<Linear> plain = plain(op);
            Optional<RmsNorm> norm = plain.flatMap(linear -> uses.made(linear.x(), RmsNorm.class))
                    .filter(FuseNorm::ofRows);
            if (norm.isPresent() && onlyProducts(function, uses, plain.get().x())) {
                Linear.Norm before =
                        new Linear.Norm(norm.get().gain(), norm.get().epsilon());
                rewriter.add(
                        statement.results(),
                        new Linear(
                                norm.get().x(),
                                Optional.of(before),
                                plain.get().weight(),
                                plain.get().parts(),
                                plain.get().finish(),
                                plain.get().slice()));
            } else {
                rewriter.add(statement);
            }
        }
        return Functions.dropUnused(rewriter.build(), function);
    }

    /** Whether it normalises whole rows and does nothing else, as a product can. */
    private static boolean ofRows(RmsNorm norm) {
        return norm.plain()
                && norm.gain().tensor().maxElements() == norm.x().tensor().columns();
    }

    private void note(Function function, Uses uses, Value norm, PassReport report) {
        String where = Functions.where(function, norm);
        if (uses.of(norm).isEmpty()) {
            report.left(name(), where, "Nobody uses it.");
        } else if (onlyProducts(function, uses, norm)) {
            report.done(
                    name(),
                    where,
                    "It went into "
                            + (uses.once(norm) ? "its product, " : uses.of(norm).size() + " products, ")
                            + users(function, uses, norm) + ".");
        } else {
            report.left(
                    name(),
                    where,
                    "It has a use that is not the input of a product, among " + users(function, uses, norm) + ".");
        }
    }

    private static String users(Function function, Uses uses, Value norm) {
        return String.join(
                ", ",
                uses.of(norm).stream()
                        .map(user -> user < function.body().size()
                                ? function.body().get(user).results().getFirst().toString()
                                : "the results of the function")
                        .distinct()
                        .toList());
    }

    /** Whether every use of the norm is as the input of a product that has no norm of its own yet. */
    private static boolean onlyProducts(Function function, Uses uses, Value norm) {
        return !uses.of(norm).isEmpty()
                && uses.of(norm).stream()
                        .allMatch(user -> user < function.body().size()
                                && plain(function.body().get(user).op())
                                        .filter(linear -> linear.x().equals(norm)
                                                && !linear.weight().equals(norm)
                                                && !linear.finish().values().contains(norm))
                                        .isPresent());
    }

    private static Optional<Linear> plain(Op op) {
        return Functions.as(op, MatMul.class)
                .map(Linear::of)
                .or(() -> Functions.as(op, Linear.class).filter(l -> l.norm().isEmpty()));
    }
}
