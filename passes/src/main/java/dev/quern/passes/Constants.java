package dev.quern.passes;

import dev.quern.ir.Pointwise;
import dev.quern.ir.Pointwise.Binary;
import dev.quern.ir.Pointwise.Constant;
import dev.quern.ir.Pointwise.Operator;
import dev.quern.ir.Pointwise.Unary;

/** Numbers in expressions: those that can be computed now, and those that change nothing. */
final class Constants {
    private Constants() {}

    /** An expression that computes the same with fewer operations: a factor stands before what it multiplies. */
    static Pointwise fold(Pointwise expression) {
        return switch (expression) {
            case Pointwise.Leaf leaf -> leaf;
            case Unary unary -> new Unary(unary.function(), fold(unary.of()));
            case Binary binary -> fold(new Binary(binary.operator(), fold(binary.left()), fold(binary.right())));
        };
    }

    /** Whether a float stands for a number exactly enough: it is finite, and a device does not take it for zero. */
    static boolean isNormal(float number) {
        return Math.abs(number) >= Float.MIN_NORMAL && Math.abs(number) <= Float.MAX_VALUE;
    }

    private static Pointwise fold(Binary binary) {
        Pointwise left = binary.left();
        Pointwise right = binary.right();
        if (left instanceof Constant(float one) && right instanceof Constant(float other)) {
            float result = compute(binary.operator(), one, other);
            return isNormal(result) ? new Constant(result) : binary;
        }
        return switch (binary.operator()) {
            case MULTIPLY -> right instanceof Constant factor ? scaled(factor, left) : product(binary);
            case DIVIDE -> right instanceof Constant(float divisor) && divisor == 1 ? left : binary;
            case ADD, SUBTRACT, MIN, MAX -> binary;
        };
    }

    private static Pointwise product(Binary binary) {
        return binary.left() instanceof Constant factor ? scaled(factor, binary.right()) : binary;
    }

    /** {@code factor * of}, as one factor where that has one already. */
    private static Pointwise scaled(Constant factor, Pointwise of) {
        if (factor.value() == 1) {
            return of;
        }
        if (of instanceof Binary(Operator operator, Constant(float inner), Pointwise x)
                && operator == Operator.MULTIPLY
                && isNormal(factor.value() * inner)) {
            return scaled(new Constant(factor.value() * inner), x);
        }
        return Pointwise.multiply(factor, of);
    }

    private static float compute(Operator operator, float left, float right) {
        return switch (operator) {
            case ADD -> left + right;
            case SUBTRACT -> left - right;
            case MULTIPLY -> left * right;
            case DIVIDE -> left / right;
            case MIN -> Math.min(left, right);
            case MAX -> Math.max(left, right);
        };
    }
}
