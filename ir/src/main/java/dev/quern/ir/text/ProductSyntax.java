package dev.quern.ir.text;

import dev.quern.ir.Pointwise;
import dev.quern.ir.TensorOp.Linear;
import dev.quern.ir.TensorOp.Products;
import dev.quern.ir.TensorOp.RmsNorm;
import dev.quern.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Products and norms with what stands before and behind them, taken apart and put together for {@link Syntax}. */
final class ProductSyntax {
    private ProductSyntax() {}

    static Parts linear(Linear op) {
        Parts parts = product(norm(Parts.of(op.x(), op.weight()), op.norm()), Products.Product.of(op), "");
        return Syntax.slice(parts, op.slice());
    }

    static Linear linear(Arguments in) {
        Value x = in.value(0);
        Products.Product product = product(in, in.value(1), "");
        return new Linear(x, norm(in), product.weight(), product.parts(), product.finish(), Syntax.slice(in));
    }

    /** The input, then the weights; what belongs to one of them is named with its number. */
    static Parts products(Products op) {
        List<Value> operands = new ArrayList<>(List.of(op.x()));
        op.products().forEach(each -> operands.add(each.weight()));
        Parts parts = norm(sum(Parts.of(operands.toArray(Value[]::new)), op.sum()), op.norm());
        for (int number = 0; number < op.products().size(); number++) {
            parts = product(parts, op.products().get(number), "_" + number);
        }
        return parts;
    }

    static Products products(Arguments in) {
        Value x = in.value(0);
        Optional<Products.Sum> sum = in.operand("residual")
                .map(residual -> new Products.Sum(
                        residual,
                        new Linear.Norm(
                                in.operand("post_norm").orElseThrow(() -> in.lacks("post_norm")),
                                in.real("post_eps"))));
        Optional<Linear.Norm> norm = norm(in);
        List<Products.Product> products = new ArrayList<>();
        for (int number = 0; number + 1 < in.operands(); number++) {
            products.add(product(in, in.value(number + 1), "_" + number));
        }
        return new Products(x, sum, norm, products);
    }

    private static Parts sum(Parts parts, Optional<Products.Sum> sum) {
        return sum.isEmpty()
                ? parts
                : parts.and("residual", Optional.of(sum.get().residual()))
                        .and("post_norm", Optional.of(sum.get().norm().gain()))
                        .and("post_eps", sum.get().norm().epsilon());
    }

    static Parts rmsNorm(RmsNorm op) {
        return finish(Parts.of(op.x(), op.gain()).and("eps", op.epsilon()), "finish", op.finish());
    }

    static RmsNorm rmsNorm(Arguments in) {
        return new RmsNorm(in.value(0), in.value(1), in.real("eps"), in.expression("finish", Linear.PLAIN));
    }

    private static Parts norm(Parts parts, Optional<Linear.Norm> norm) {
        return norm.isEmpty()
                ? parts
                : parts.and("norm", Optional.of(norm.get().gain()))
                        .and("eps", norm.get().epsilon());
    }

    private static Optional<Linear.Norm> norm(Arguments in) {
        return in.operand("norm").map(gain -> new Linear.Norm(gain, in.real("eps")));
    }

    private static Parts product(Parts parts, Products.Product product, String number) {
        Parts all = product.parts() == 1 ? parts : parts.and("parts" + number, product.parts());
        return finish(all, "finish" + number, product.finish());
    }

    private static Parts finish(Parts parts, String name, Pointwise finish) {
        return finish.equals(Linear.PLAIN) ? parts : parts.and(name, new Literal.Expression(finish));
    }

    private static Products.Product product(Arguments in, Value weight, String number) {
        return new Products.Product(
                weight, in.count("parts" + number, 1), in.expression("finish" + number, Linear.PLAIN));
    }
}
