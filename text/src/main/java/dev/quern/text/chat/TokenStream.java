package dev.quern.text.chat;

import dev.quern.text.chat.Token.Kind;
import java.util.List;

/** Tokens, one after the other. */
final class TokenStream {
    private final Source source;
    private final List<Token> tokens;
    private int next;

    TokenStream(Source source, List<Token> tokens) {
        this.source = source;
        this.tokens = tokens;
    }

    Source source() {
        return source;
    }

    Token peek() {
        return tokens.get(next);
    }

    /** The token after the next one. */
    Token peekSecond() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    Token take() {
        Token token = tokens.get(next);
        if (token.kind() != Kind.END) {
            next++;
        }
        return token;
    }

    boolean takeName(String name) {
        boolean is = peek().isName(name);
        next += is ? 1 : 0;
        return is;
    }

    boolean takeOperator(String operator) {
        boolean is = peek().isOperator(operator);
        next += is ? 1 : 0;
        return is;
    }

    Token expect(Kind kind) {
        if (peek().kind() != kind) {
            throw unexpected(kind.words());
        }
        return take();
    }

    void expectOperator(String operator) {
        if (!takeOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!takeName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    /** The problem that something else stands here. */
    ChatTemplateException unexpected(String expected) {
        return source.syntax(expected + " is expected, but " + peek().describe() + " stands here.", peek().at());
    }
}
