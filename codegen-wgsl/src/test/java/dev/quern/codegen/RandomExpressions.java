package dev.quern.codegen;

import dev.quern.ir.Pointwise;
import dev.quern.ir.Pointwise.Binary;
import dev.quern.ir.Pointwise.Constant;
import dev.quern.ir.Pointwise.Function;
import dev.quern.ir.Pointwise.Operator;
import dev.quern.ir.Pointwise.Unary;
import java.util.List;
import java.util.Random;

/** Expressions of any shape over given leaves, all of which they read, that nowhere divide by what may be small. */
final class RandomExpressions {
    private final Random random;
    private final List<Pointwise> leaves;

    private RandomExpressions(Random random, List<Pointwise> leaves) {
        this.random = random;
        this.leaves = leaves;
    }

    /**
     * An expression.
     *
     * @param leaves that it reads at least once each
     */
    static Pointwise over(List<Pointwise> leaves, Random random) {
        RandomExpressions expressions = new RandomExpressions(random, leaves);
        Pointwise all = expressions.of(leaves.getFirst());
        for (Pointwise leaf : leaves.subList(1, leaves.size())) {
            all = expressions.together(all, expressions.of(leaf));
        }
        return all;
    }

    /** Something that reads an operand. */
    private Pointwise of(Pointwise operand) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> new Unary(pick(Function.values()), operand);
            case 2 -> new Binary(Operator.DIVIDE, operand, new Constant(0.5f + random.nextFloat()));
            case 3 -> together(operand, leaves.get(random.nextInt(leaves.size())));
            case 4 -> together(new Constant((float) random.nextGaussian()), operand);
            default -> operand;
        };
    }

    private Pointwise together(Pointwise left, Pointwise right) {
        return switch (pick(Operator.values())) {
            case DIVIDE ->
                new Binary(
                        Operator.DIVIDE, left, Pointwise.add(new Constant(1.5f), new Unary(Function.SIGMOID, right)));
            case ADD -> Pointwise.add(left, right);
            case SUBTRACT -> new Binary(Operator.SUBTRACT, left, of(right));
            case MULTIPLY -> Pointwise.multiply(left, right);
            case MIN -> new Binary(Operator.MIN, left, right);
            case MAX -> new Binary(Operator.MAX, left, of(right));
        };
    }

    private <T> T pick(T[] of) {
        return of[random.nextInt(of.length)];
    }
}
