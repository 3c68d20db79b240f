package dev.quern.text.chat;

import dev.quern.text.chat.Expression.Given;
import dev.quern.text.chat.Expression.Operator;
import dev.quern.text.chat.Expression.Relation;
import dev.quern.text.chat.Expression.UnaryOperator;
import dev.quern.text.chat.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads expressions. From the loosest to the tightest: {@code if else}, {@code or}, {@code and}, {@code not}, comparisons, {@code + -},
 * {@code ~}, {@code * / // %}, {@code **}, signs, then filters and tests, then attributes, items and calls.
 */
final class ExpressionParser {
    private static final int DEPTH = 100;

    private final TokenStream tokens;
    private final Source source;
    private int depth;

    /** Whether what is read here may never be evaluated, so that unknown filters and tests are refused only if it is. */
    private boolean conditional;

    /** Unknown filters and tests that are certainly evaluated, unless a condition turns up behind them. */
    private final List<ChatTemplateException> unknown = new ArrayList<>();

    /** Which of the special names of macros were read since they were last asked for. */
    private final List<String> specialNames = new ArrayList<>();

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.source = tokens.source();
    }

    boolean conditional() {
        return conditional;
    }

    void conditional(boolean now) {
        conditional = now;
    }

    /** Refuses what is not known. */
    void refuseUnknown() {
        if (!unknown.isEmpty()) {
            throw unknown.get(0);
        }
    }

    /** Names that were read of {@code caller}, {@code varargs} and {@code kwargs}. */
    List<String> specialNames() {
        return specialNames;
    }

    void enter() {
        if (++depth > DEPTH) {
            throw source.syntax(
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
        int known = unknown.size();
        Expression then = or();
        while (tokens.takeName("if")) {
            unknown.subList(known, unknown.size()).clear();
            boolean before = conditional;
            conditional = true;
            Expression condition = or();
            Expression otherwise = tokens.takeName("else") ? expression() : null;
            conditional = before;
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
            value = primary();
        }
        value = postfix(value);
        return withFilters ? filters(value) : value;
    }

    private Expression primary() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case NAME -> name(tokens.take());
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (tokens.peek().kind() == Kind.STRING) {
                    text.append(tokens.take().text());
                }
                yield new Expression.Literal(token.at(), Value.of(text.toString()));
            }
            case INTEGER -> new Expression.Literal(token.at(), integer(tokens.take()));
            case FLOAT -> {
                Double value = Numbers.parseFloat(tokens.take().text());
                yield new Expression.Literal(token.at(), new Value.Real(value == null ? Double.NaN : value));
            }
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> parenthesised();
                    case "[" -> list();
                    case "{" -> dict();
                    default -> throw tokens.unexpected("an expression");
                };
            case DATA, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> throw tokens.unexpected("an expression");
        };
    }

    private Expression name(Token token) {
        return switch (token.text()) {
            case "true", "True" -> new Expression.Literal(token.at(), Values.TRUE);
            case "false", "False" -> new Expression.Literal(token.at(), Values.FALSE);
            case "none", "None" -> new Expression.Literal(token.at(), Values.NONE);
            case "caller", "varargs", "kwargs" -> {
                specialNames.add(token.text());
                yield new Expression.Name(token.at(), token.text());
            }
            default -> new Expression.Name(token.at(), token.text());
        };
    }

    private Value integer(Token token) {
        String digits = token.text();
        int base = digits.length() < 2 || digits.charAt(0) != '0' ? -1 : "box".indexOf(digits.charAt(1) | 0x20);
        int radix = base < 0 ? 10 : base == 0 ? 2 : base == 1 ? 8 : 16;
        String bare = base < 0 ? digits : digits.substring(digits.charAt(2) == '_' ? 3 : 2);
        Long value = Numbers.parseInteger(bare, radix);
        if (value == null) {
            throw source.unsupported("the integer " + digits + ", which has more than 64 bits.", token.at());
        }
        return Value.of(value);
    }

    private Expression parenthesised() {
        int at = tokens.take().at();
        if (tokens.takeOperator(")")) {
            return new Expression.TupleOf(at, List.of());
        }
        Expression inner = tuple(true);
        tokens.expectOperator(")");
        return inner;
    }

    private Expression list() {
        int at = tokens.take().at();
        List<Expression> items = new ArrayList<>();
        while (!tokens.takeOperator("]")) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.takeOperator("]")) {
                    break;
                }
            }
            items.add(expression());
        }
        return new Expression.ListOf(at, items);
    }

    private Expression dict() {
        int at = tokens.take().at();
        List<Expression.Entry> entries = new ArrayList<>();
        while (!tokens.takeOperator("}")) {
            if (!entries.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.takeOperator("}")) {
                    break;
                }
            }
            Expression key = expression();
            tokens.expectOperator(":");
            entries.add(new Expression.Entry(key, expression()));
        }
        return new Expression.DictOf(at, entries);
    }

    private Expression postfix(Expression target) {
        Expression value = target;
        while (true) {
            Token token = tokens.peek();
            if (token.isOperator(".")) {
                tokens.take();
                Token name = tokens.take();
                value = switch (name.kind()) {
                    case NAME -> new Expression.Attribute(name.at(), value, name.text());
                    case INTEGER ->
                        new Expression.Item(name.at(), value, new Expression.Literal(name.at(), integer(name)));
                    default -> throw source.syntax("a name or a number is expected after '.'.", name.at());
                };
            } else if (token.isOperator("[")) {
                value = subscript(value);
            } else if (token.isOperator("(")) {
                value = new Expression.Call(token.at(), value, given());
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression target) {
        int at = tokens.take().at();
        Expression value = part(at, target);
        if (!tokens.peek().isOperator(",")) {
            tokens.expectOperator("]");
            return value;
        }
        if (!(value instanceof Expression.Item first)) {
            throw source.unsupported("a slice among several keys.", at);
        }
        List<Expression> keys = new ArrayList<>();
        keys.add(first.key());
        while (tokens.takeOperator(",")) {
            keys.add(expression());
        }
        tokens.expectOperator("]");
        return new Expression.Item(at, target, new Expression.TupleOf(at, keys));
    }

    private Expression part(int at, Expression target) {
        Expression from = tokens.peek().isOperator(":") ? null : expression();
        if (!tokens.takeOperator(":")) {
            return new Expression.Item(at, target, from == null ? expression() : from);
        }
        Expression to = bound();
        Expression step = tokens.takeOperator(":") ? bound() : null;
        return new Expression.Slice(at, target, from, to, step);
    }

    private @Nullable Expression bound() {
        Token token = tokens.peek();
        boolean missing = token.isOperator(":") || token.isOperator("]") || token.isOperator(",");
        return missing ? null : expression();
    }

    private Expression filters(Expression target) {
        Expression value = target;
        while (true) {
            Token token = tokens.peek();
            if (token.isOperator("|")) {
                value = filter(value);
            } else if (token.isName("is")) {
                value = test(value);
            } else if (token.isOperator("(")) {
                value = new Expression.Call(token.at(), value, given());
            } else {
                return value;
            }
        }
    }

    /** All filters that follow. */
    Expression filterChain(Expression target) {
        Expression value = target;
        while (tokens.peek().isOperator("|")) {
            value = filter(value);
        }
        return value;
    }

    private Expression filter(Expression target) {
        tokens.take();
        return namedFilter(target);
    }

    /** A filter whose name comes next. */
    Expression namedFilter(Expression target) {
        int at = tokens.peek().at();
        String name = dottedName();
        Given given = tokens.peek().isOperator("(") ? given() : Given.NOTHING;
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
            return given();
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
        enter();
        Expression argument = postfix(primary());
        leave();
        return new Given(List.of(argument), List.of(), null, null);
    }

    /** What stands in parentheses. */
    Given given() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<Expression.Keyword> keywords = new ArrayList<>();
        Expression spread = null;
        Expression keywordSpread = null;
        boolean first = true;
        while (!tokens.takeOperator(")")) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.takeOperator(")")) {
                    break;
                }
            }
            first = false;
            Token token = tokens.peek();
            if (token.isOperator("**") && keywordSpread == null) {
                tokens.take();
                keywordSpread = expression();
            } else if (token.isOperator("*") && spread == null && keywordSpread == null) {
                tokens.take();
                spread = expression();
            } else if (token.kind() == Kind.NAME && tokens.peekSecond().isOperator("=") && keywordSpread == null) {
                tokens.take();
                tokens.take();
                keywords.add(new Expression.Keyword(token.text(), expression()));
            } else if (keywords.isEmpty() && spread == null && keywordSpread == null) {
                positional.add(expression());
            } else {
                throw source.syntax("a positional argument stands after named ones.", token.at());
            }
        }
        return new Given(positional, keywords, spread, keywordSpread);
    }
}
