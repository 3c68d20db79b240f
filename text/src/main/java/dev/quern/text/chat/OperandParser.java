package dev.quern.text.chat;

import dev.quern.text.chat.Expression.Given;
import dev.quern.text.chat.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what operators stand between: literals, names, lists, dicts and parentheses, and behind them attributes, items,
 * slices and calls.
 */
final class OperandParser {
    private final TokenStream tokens;
    private final Source source;
    private final ExpressionParser expressions;

    /** Which of the special names of macros were read. */
    private final List<String> specialNames = new ArrayList<>();

    OperandParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.source = tokens.source();
        this.expressions = expressions;
    }

    /** Names that were read of {@code caller}, {@code varargs} and {@code kwargs}. */
    List<String> specialNames() {
        return specialNames;
    }

    /** An operand without what may follow it. */
    Expression primary() {
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
        Expression inner = expressions.tuple(true);
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
            items.add(expressions.expression());
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
            Expression key = expressions.expression();
            tokens.expectOperator(":");
            entries.add(new Expression.Entry(key, expressions.expression()));
        }
        return new Expression.DictOf(at, entries);
    }

    /** The attributes, items and calls that follow. */
    Expression postfix(Expression target) {
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
            keys.add(expressions.expression());
        }
        tokens.expectOperator("]");
        return new Expression.Item(at, target, new Expression.TupleOf(at, keys));
    }

    private Expression part(int at, Expression target) {
        Expression from = tokens.peek().isOperator(":") ? null : expressions.expression();
        if (!tokens.takeOperator(":")) {
            return new Expression.Item(at, target, from == null ? expressions.expression() : from);
        }
        Expression to = bound();
        Expression step = tokens.takeOperator(":") ? bound() : null;
        return new Expression.Slice(at, target, from, to, step);
    }

    private @Nullable Expression bound() {
        Token token = tokens.peek();
        boolean missing = token.isOperator(":") || token.isOperator("]") || token.isOperator(",");
        return missing ? null : expressions.expression();
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
                keywordSpread = expressions.expression();
            } else if (token.isOperator("*") && spread == null && keywordSpread == null) {
                tokens.take();
                spread = expressions.expression();
            } else if (token.kind() == Kind.NAME && tokens.peekSecond().isOperator("=") && keywordSpread == null) {
                tokens.take();
                tokens.take();
                keywords.add(new Expression.Keyword(token.text(), expressions.expression()));
            } else if (keywords.isEmpty() && spread == null && keywordSpread == null) {
                positional.add(expressions.expression());
            } else {
                throw source.syntax("a positional argument stands after named ones.", token.at());
            }
        }
        return new Given(positional, keywords, spread, keywordSpread);
    }
}
