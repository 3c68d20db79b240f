package dev.quern.text.chat;

import dev.quern.text.chat.Expression.Given;
import dev.quern.text.chat.Expression.UnaryOperator;
import dev.quern.text.chat.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads filters ({@code value | name(arguments)}) and tests ({@code value is name argument}), and collects those whose
 * names are not known.
 */
final class FilterParser {
    private final TokenStream tokens;
    private final Source source;
    private final ExpressionParser expressions;
    private final OperandParser operands;

    /**
     * Whether what is read here may never be evaluated, so that unknown filters and tests are refused only if it is.
     */
    private boolean conditional;

    /** Unknown filters and tests that are certainly evaluated, unless a condition turns up behind them. */
    private final List<ChatTemplateException> unknown = new ArrayList<>();

    FilterParser(TokenStream tokens, ExpressionParser expressions, OperandParser operands) {
        this.tokens = tokens;
        this.source = tokens.source();
        this.expressions = expressions;
        this.operands = operands;
    }

    boolean conditional() {
        return conditional;
    }

    void conditional(boolean now) {
        conditional = now;
    }

    /** How many are not known so far. */
    int unknown() {
        return unknown.size();
    }

    /** A condition stands behind what was read since that many were unknown: whether it is evaluated is open. */
    void forgetUnknown(int known) {
        unknown.subList(known, unknown.size()).clear();
    }

    /** Refuses what is not known. */
    void refuseUnknown() {
        if (!unknown.isEmpty()) {
            throw unknown.get(0);
        }
    }

    /** All filters, tests and calls that follow. */
    Expression all(Expression target) {
        Expression value = target;
        while (true) {
            Token token = tokens.peek();
            if (token.isOperator("|")) {
                value = filter(value);
            } else if (token.isName("is")) {
                value = test(value);
            } else if (token.isOperator("(")) {
                value = new Expression.Call(token.at(), value, operands.given());
            } else {
                return value;
            }
        }
    }

    /** All filters that follow. */
    Expression chain(Expression target) {
        Expression value = target;
        while (tokens.peek().isOperator("|")) {
            value = filter(value);
        }
        return value;
    }

    private Expression filter(Expression target) {
        tokens.take();
        return named(target);
    }

    /** A filter whose name comes next. */
    Expression named(Expression target) {
        int at = tokens.peek().at();
        String name = dottedName();
        Given given = tokens.peek().isOperator("(") ? operands.given() : Given.NOTHING;
        if (!conditional && Filters.find(name) == null) {
            unknown.add(source.unsupported("the filter '" + name + "'. Known filters: " + Filters.names() + ".", at));
        }
        return new Expression.Filter(at, target, name, given);
    }

    private Expression test(Expression target) {
        tokens.take();
        boolean negated = tokens.takeName("not");
        int at = tokens.peek().at();
        String name = dottedName();
        Given given = testArguments();
        if (!conditional && Tests.find(name) == null) {
            unknown.add(source.unsupported("the test '" + name + "'. Known tests: " + Tests.names() + ".", at));
        }
        Expression test = new Expression.Test(at, target, name, given);
        return negated ? new Expression.Unary(at, UnaryOperator.NOT, test) : test;
    }

    private String dottedName() {
        StringBuilder name = new StringBuilder(tokens.expect(Kind.NAME).text());
        while (tokens.takeOperator(".")) {
            name.append('.').append(tokens.expect(Kind.NAME).text());
        }
        return name.toString();
    }

    private Given testArguments() {
        Token token = tokens.peek();
        if (token.isOperator("(")) {
            return operands.given();
        }
        boolean starts = switch (token.kind()) {
            case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.isOperator("[") || token.isOperator("{");
            case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
        };
        if (!starts) {
            return Given.NOTHING;
        }
        if (token.isName("is")) {
            throw source.syntax("tests with 'is' cannot follow each other.", token.at());
        }
        expressions.enter();
        Expression argument = operands.postfix(operands.primary());
        expressions.leave();
        return new Given(List.of(argument), List.of(), null, null);
    }
}
