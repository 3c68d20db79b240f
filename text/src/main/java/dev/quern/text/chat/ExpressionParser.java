package dev.quern.text.chat;

import dev.quern.text.chat.Expression.Operator;
import dev.quern.text.chat.Expression.Relation;
import dev.quern.text.chat.Expression.UnaryOperator;
import dev.quern.text.chat.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads expressions. From the loosest to the tightest: {@code if else}, {@code or}, {@code and}, {@code not},
 * comparisons, {@code + -}, {@code ~}, {@code * / // %}, {@code **}, signs; then what {@link FilterParser} reads, then
 * what {@link OperandParser} reads.
 */
final class ExpressionParser {
    private static final int DEPTH = 100;

    private final TokenStream tokens;
    private final OperandParser operands;
    private final FilterParser filters;
    private int depth;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.operands = new OperandParser(tokens, this);
        this.filters = new FilterParser(tokens, this, operands);
    }

    /** What reads filters and tests, and knows which of them it could not find. */
    FilterParser filters() {
        return filters;
    }

    /** Names that were read of {@code caller}, {@code varargs} and {@code kwargs}. */
    List<String> specialNames() {
        return operands.specialNames();
    }

    void enter() {
        if (++depth > DEPTH) {
            throw tokens.source()
                    .syntax(
                            "expressions and blocks stand more than " + DEPTH + " deep in each other here.",
                            tokens.peek().at());
        }
    }

    void leave() {
        depth--;
    }

    Expression expression() {
        enter();
        int at = tokens.peek().at();
        int known = filters.unknown();
        Expression then = or();
        while (tokens.takeName("if")) {
            filters.forgetUnknown(known);
            boolean before = filters.conditional();
            filters.conditional(true);
            Expression condition = or();
            Expression otherwise = tokens.takeName("else") ? expression() : null;
            filters.conditional(before);
            then = new Expression.Conditional(at, condition, then, otherwise);
        }
        leave();
        return then;
    }

    /** An expression, or several with commas between, which are a tuple. */
    Expression tuple(boolean withConditions) {
        int at = tokens.peek().at();
        Expression first = withConditions ? expression() : or();
        if (!tokens.peek().isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>();
        items.add(first);
        while (tokens.takeOperator(",") && !tupleEnds()) {
            items.add(withConditions ? expression() : or());
        }
        return new Expression.TupleOf(at, items);
    }

    private boolean tupleEnds() {
        Token token = tokens.peek();
        return token.kind() == Kind.PRINT_END
                || token.kind() == Kind.BLOCK_END
                || token.isOperator(")")
                || token.isName("recursive");
    }

    private Expression or() {
        Expression left = and();
        while (tokens.peek().isName("or")) {
            int at = tokens.take().at();
            left = new Expression.Logical(at, false, left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.peek().isName("and")) {
            int at = tokens.take().at();
            left = new Expression.Logical(at, true, left, not());
        }
        return left;
    }

    private Expression not() {
        if (!tokens.peek().isName("not")) {
            return comparison();
        }
        int at = tokens.take().at();
        enter();
        Expression operand = not();
        leave();
        return new Expression.Unary(at, UnaryOperator.NOT, operand);
    }

    private Expression comparison() {
        int at = tokens.peek().at();
        Expression first = sum();
        List<Expression.Operand> others = new ArrayList<>();
        for (Relation relation = relation(); relation != null; relation = relation()) {
            int place = tokens.peek().at();
            others.add(new Expression.Operand(place, relation, sum()));
        }
        return others.isEmpty() ? first : new Expression.Comparison(at, first, others);
    }

    private @Nullable Relation relation() {
        Token token = tokens.peek();
        if (token.isName("not") && tokens.peekSecond().isName("in")) {
            tokens.take();
            tokens.take();
            return Relation.NOT_IN;
        }
        if (token.kind() == Kind.OPERATOR || token.isName("in")) {
            for (Relation relation : Relation.values()) {
                if (relation.symbol().equals(token.text())) {
                    tokens.take();
                    return relation;
                }
            }
        }
        return null;
    }

    private @Nullable Operator operator(Operator... allowed) {
        for (Operator operator : allowed) {
            if (tokens.peek().isOperator(operator.symbol())) {
                return operator;
            }
        }
        return null;
    }

    private Expression sum() {
        Expression left = joined();
        for (Operator operator = operator(Operator.ADD, Operator.SUBTRACT);
                operator != null;
                operator = operator(Operator.ADD, Operator.SUBTRACT)) {
            int at = tokens.take().at();
            left = new Expression.Binary(at, operator, left, joined());
        }
        return left;
    }

    private Expression joined() {
        int at = tokens.peek().at();
        Expression first = product();
        if (!tokens.peek().isOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>();
        parts.add(first);
        while (tokens.takeOperator("~")) {
            parts.add(product());
        }
        return new Expression.Joined(at, parts);
    }

    private Expression product() {
        Operator[] allowed = {Operator.MULTIPLY, Operator.DIVIDE, Operator.FLOOR_DIVIDE, Operator.MODULO};
        Expression left = power();
        for (Operator operator = operator(allowed); operator != null; operator = operator(allowed)) {
            int at = tokens.take().at();
            left = new Expression.Binary(at, operator, left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = signed(true);
        while (tokens.peek().isOperator("**")) {
            int at = tokens.take().at();
            left = new Expression.Binary(at, Operator.POWER, left, signed(true));
        }
        return left;
    }

    private Expression signed(boolean withFilters) {
        Token token = tokens.peek();
        Expression value;
        if (token.isOperator("-") || token.isOperator("+")) {
            tokens.take();
            enter();
            value = new Expression.Unary(
                    token.at(), token.isOperator("-") ? UnaryOperator.MINUS : UnaryOperator.PLUS, signed(false));
            leave();
        } else {
            value = operands.primary();
        }
        value = operands.postfix(value);
        return withFilters ? filters.all(value) : value;
    }
}
