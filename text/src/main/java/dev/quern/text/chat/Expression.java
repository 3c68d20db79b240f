package dev.quern.text.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has a value. {@code at} is where problems with it are reported. */
sealed interface Expression {
    int at();

    record Literal(int at, Value value) implements Expression {}

    record Name(int at, String name) implements Expression {}

    record ListOf(int at, List<Expression> items) implements Expression {}

    record TupleOf(int at, List<Expression> items) implements Expression {}

    record DictOf(int at, List<Entry> entries) implements Expression {}

    record Entry(Expression key, Expression value) {}

    /** {@code target.name}. */
    record Attribute(int at, Expression target, String name) implements Expression {}

    /** {@code target[key]}. */
    record Item(int at, Expression target, Expression key) implements Expression {}

    /** {@code target[from:to:step]}. */
    record Slice(
            int at,
            Expression target,
            @Nullable Expression from,
            @Nullable Expression to,
            @Nullable Expression step) implements Expression {}

    record Call(int at, Expression target, Given arguments) implements Expression {}

    /** {@code target | name(arguments)}. */
    record Filter(int at, Expression target, String name, Given arguments) implements Expression {}

    /** {@code target is name(arguments)}. */
    record Test(int at, Expression target, String name, Given arguments) implements Expression {}

    record Unary(int at, UnaryOperator operator, Expression operand) implements Expression {}

    record Binary(int at, Operator operator, Expression left, Expression right) implements Expression {}

    /** {@code a ~ b ~ c}. */
    record Joined(int at, List<Expression> parts) implements Expression {}

    /** {@code a < b <= c}. */
    record Comparison(int at, Expression first, List<Operand> others) implements Expression {}

    record Operand(int at, Relation relation, Expression value) {}

    /** {@code left and right}, {@code left or right}: the value of one of them. */
    record Logical(int at, boolean and, Expression left, Expression right) implements Expression {}

    /** {@code then if condition else otherwise}; undefined without the last. */
    record Conditional(
            int at,
            Expression condition,
            Expression then,
            @Nullable Expression otherwise) implements Expression {}

    /** What stands in a call's parentheses. */
    record Given(
            List<Expression> positional,
            List<Keyword> keywords,
            @Nullable Expression spread,
            @Nullable Expression keywordSpread) {
        static final Given NOTHING = new Given(List.of(), List.of(), null, null);

        boolean isNothing() {
            return positional.isEmpty() && keywords.isEmpty() && spread == null && keywordSpread == null;
        }
    }

    record Keyword(String name, Expression value) {}

    enum UnaryOperator {
        NOT,
        MINUS,
        PLUS
    }

    enum Operator {
        ADD("+"),
        SUBTRACT("-"),
        MULTIPLY("*"),
        DIVIDE("/"),
        FLOOR_DIVIDE("//"),
        MODULO("%"),
        POWER("**");

        private final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }

        String symbol() {
            return symbol;
        }
    }

    enum Relation {
        EQUAL("=="),
        NOT_EQUAL("!="),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">="),
        IN("in"),
        NOT_IN("not in");

        private final String symbol;

        Relation(String symbol) {
            this.symbol = symbol;
        }

        String symbol() {
            return symbol;
        }
    }
}
