package dev.quern.text.chat;

import dev.quern.text.chat.Expression.Operator;

/** Arithmetic of numbers as in Python, but that integers have 64 bits: what needs more is refused. */
final class Arithmetic {
    private Arithmetic() {}

    static Value integers(Evaluation evaluation, Operator operator, long a, long b) {
        try {
            return switch (operator) {
                case ADD -> Value.of(Math.addExact(a, b));
                case SUBTRACT -> Value.of(Math.subtractExact(a, b));
                case MULTIPLY -> Value.of(Math.multiplyExact(a, b));
                case DIVIDE -> new Value.Real((double) a / nonZero(evaluation, operator, b));
                case FLOOR_DIVIDE -> {
                    if (b == -1) {
                        yield Value.of(Math.negateExact(a));
                    }
                    yield Value.of(Math.floorDiv(a, nonZero(evaluation, operator, b)));
                }
                case MODULO -> Value.of(Math.floorMod(a, nonZero(evaluation, operator, b)));
                case POWER -> power(evaluation, a, b);
            };
        } catch (ArithmeticException overflow) {
            throw evaluation.unsupported(
                    a + " " + operator.symbol() + " " + b + " gives an integer of more than 64 bits.");
        }
    }

    private static Value power(Evaluation evaluation, long base, long exponent) {
        if (exponent < 0) {
            return floats(evaluation, Operator.POWER, (double) base, (double) exponent);
        }
        long result = 1;
        long square = base;
        long left = exponent;
        while (left > 0) {
            if ((left & 1) == 1) {
                result = Math.multiplyExact(result, square);
            }
            left >>= 1;
            if (left > 0) {
                square = Math.multiplyExact(square, square);
            }
        }
        return Value.of(result);
    }

    private static long nonZero(Evaluation evaluation, Operator operator, long divisor) {
        if (divisor == 0) {
            throw zero(evaluation, operator);
        }
        return divisor;
    }

    private static ChatTemplateException zero(Evaluation evaluation, Operator operator) {
        return evaluation.problem("'" + operator.symbol() + "' by zero.");
    }

    static Value floats(Evaluation evaluation, Operator operator, double a, double b) {
        boolean divides =
                operator == Operator.DIVIDE || operator == Operator.FLOOR_DIVIDE || operator == Operator.MODULO;
        boolean rootOfZero = operator == Operator.POWER && a == 0 && b < 0;
        if ((divides && b == 0) || rootOfZero) {
            throw zero(evaluation, operator);
        }
        return new Value.Real(
                switch (operator) {
                    case ADD -> a + b;
                    case SUBTRACT -> a - b;
                    case MULTIPLY -> a * b;
                    case DIVIDE -> a / b;
                    case FLOOR_DIVIDE -> Math.floor((a - modulo(a, b)) / b + 0.5);
                    case MODULO -> modulo(a, b);
                    case POWER -> Math.pow(a, b);
                });
    }

    /** The remainder that has the divisor's sign. */
    private static double modulo(double a, double b) {
        double remainder = a % b;
        if (remainder == 0) {
            return Math.copySign(0, b);
        }
        return remainder < 0 != b < 0 ? remainder + b : remainder;
    }

    static Value negate(Evaluation evaluation, Value value, boolean minus) {
        Operations.defined(evaluation, value);
        Long integer = Operations.integer(value);
        if (integer != null) {
            return minus ? integers(evaluation, Operator.SUBTRACT, 0, integer) : Value.of((long) integer);
        }
        if (value instanceof Value.Real number) {
            return minus ? new Value.Real(-number.value()) : number;
        }
        throw evaluation.problem((minus ? "'-'" : "'+'") + " cannot be applied to " + value.type() + ".");
    }
}
