package dev.quern.text.chat;

import dev.quern.text.chat.Statement.Signature;
import dev.quern.text.chat.Statement.Target;
import dev.quern.text.chat.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads templates: text, prints and blocks. */
final class Parser {
    private static final String TAGS =
            "if, for, set, macro, call, filter, with, break, continue, generation, print, raw and comments";

    private final TokenStream tokens;
    private final Source source;
    private final ExpressionParser expressions;
    private int loops;

    private Parser(Source source, TokenStream tokens) {
        this.source = source;
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    static List<Statement> parse(Source source, List<Token> tokens) {
        Parser parser = new Parser(source, new TokenStream(source, tokens));
        List<Statement> statements = parser.statements();
        parser.expressions.filters().refuseUnknown();
        return statements;
    }

    /**
     * Statements up to the end of the template or to a tag that begins with one of the names, which is the next token
     * then.
     */
    private List<Statement> statements(String... ends) {
        List<Statement> statements = new ArrayList<>();
        expressions.enter();
        while (true) {
            Token token = tokens.take();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Text(token.at(), token.text()));
                case PRINT_BEGIN -> {
                    int at = tokens.peek().at();
                    statements.add(new Statement.Print(at, expressions.tuple(true)));
                    tokens.expect(Kind.PRINT_END);
                }
                case BLOCK_BEGIN -> {
                    for (String end : ends) {
                        if (tokens.peek().isName(end)) {
                            expressions.leave();
                            return statements;
                        }
                    }
                    statements.addAll(statement());
                    tokens.expect(Kind.BLOCK_END);
                }
                case END -> {
                    if (ends.length > 0) {
                        throw source.syntax("'" + ends[ends.length - 1] + "' is missing.", token.at());
                    }
                    expressions.leave();
                    return statements;
                }
                case PRINT_END, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
                    throw source.syntax(
                            "text or a tag is expected, but " + token.describe() + " stands here.", token.at());
            }
        }
    }

    /** The statements of a block, from the end of its opening tag on. */
    private List<Statement> body(String... ends) {
        tokens.takeOperator(":");
        tokens.expect(Kind.BLOCK_END);
        return statements(ends);
    }

    /** As {@link #body}, but unknown filters are refused at once, or only if they are evaluated. */
    private List<Statement> body(boolean conditional, String... ends) {
        boolean before = expressions.filters().conditional();
        expressions.filters().conditional(conditional);
        List<Statement> body = body(ends);
        expressions.filters().conditional(before);
        return body;
    }

    private List<Statement> statement() {
        Token tag = tokens.expect(Kind.NAME);
        int at = tag.at();
        return switch (tag.text()) {
            case "if" -> List.of(conditions(at));
            case "for" -> List.of(loop(at));
            case "set" -> List.of(assignment(at));
            case "macro" -> List.of(macro(at));
            case "call" -> List.of(call(at));
            case "filter" -> List.of(filter(at));
            case "with" -> List.of(with(at));
            case "print" -> prints();
            case "generation" -> {
                List<Statement> body = apart("endgeneration");
                yield List.of(new Statement.Generation(at, body));
            }
            case "break", "continue" -> {
                if (loops == 0) {
                    throw source.syntax("'" + tag.text() + "' stands outside of any loop.", at);
                }
                yield List.of(tag.text().equals("break") ? new Statement.Break(at) : new Statement.Continue(at));
            }
            case "elif",
                    "else",
                    "endif",
                    "endfor",
                    "endset",
                    "endmacro",
                    "endcall",
                    "endfilter",
                    "endwith",
                    "endgeneration",
                    "endraw" -> throw source.syntax("'" + tag.text() + "' has nothing to end here.", at);
            default -> throw source.unsupported("the tag '" + tag.text() + "'. Known tags: " + TAGS + ".", at);
        };
    }

    private Statement conditions(int at) {
        boolean before = expressions.filters().conditional();
        expressions.filters().conditional(true);
        List<Statement.Branch> branches = new ArrayList<>();
        List<Statement> otherwise = List.of();
        do {
            Expression condition = expressions.tuple(false);
            branches.add(new Statement.Branch(condition, body("elif", "else", "endif")));
        } while (tokens.takeName("elif"));
        if (tokens.takeName("else")) {
            otherwise = body("endif");
        }
        tokens.expectName("endif");
        expressions.filters().conditional(before);
        return new Statement.If(at, branches, otherwise);
    }

    private Statement loop(int at) {
        Target target = target(false);
        noLoopVariable(target);
        tokens.expectName("in");
        Expression items = expressions.tuple(false);
        boolean before = expressions.filters().conditional();
        expressions.filters().conditional(false);
        Expression condition = tokens.takeName("if") ? expressions.expression() : null;
        expressions.filters().conditional(before);
        boolean recursive = tokens.takeName("recursive");
        loops++;
        List<Statement> body = body(false, "endfor", "else");
        loops--;
        List<Statement> otherwise = tokens.takeName("else") ? body(false, "endfor") : List.of();
        tokens.expectName("endfor");
        return new Statement.For(at, target, items, condition, recursive, body, otherwise);
    }

    private void noLoopVariable(Target target) {
        switch (target) {
            case Target.Variable variable -> {
                if (variable.name().equals("loop")) {
                    throw source.syntax("a loop may not assign to 'loop'.", variable.at());
                }
            }
            case Target.Several several -> several.targets().forEach(this::noLoopVariable);
            case Target.Field ignored -> {}
        }
    }

    private Statement assignment(int at) {
        Target target = target(true);
        if (tokens.takeOperator("=")) {
            return new Statement.Set(at, target, expressions.tuple(true));
        }
        Expression value = expressions.filters().chain(Renderer.captured(at));
        List<Statement> body = body(false, "endset");
        tokens.expectName("endset");
        return new Statement.SetBlock(at, target, value, body);
    }

    /**
     * What a value is assigned to: names and, where allowed, attributes of namespaces, perhaps several with commas
     * between.
     */
    private Target target(boolean fields) {
        int at = tokens.peek().at();
        Target first = single(fields);
        if (!tokens.peek().isOperator(",")) {
            return first;
        }
        List<Target> targets = new ArrayList<>();
        targets.add(first);
        while (tokens.takeOperator(",")
                && tokens.peek().kind() != Kind.BLOCK_END
                && !tokens.peek().isName("in")) {
            targets.add(single(fields));
        }
        return new Target.Several(at, targets);
    }

    private Target single(boolean fields) {
        Token token = tokens.peek();
        if (tokens.takeOperator("(")) {
            expressions.enter();
            Target inner = target(fields);
            expressions.leave();
            tokens.expectOperator(")");
            return inner;
        }
        String name = variable();
        if (fields && tokens.takeOperator(".")) {
            return new Target.Field(token.at(), name, tokens.expect(Kind.NAME).text());
        }
        return new Target.Variable(token.at(), name);
    }

    private String variable() {
        Token token = tokens.expect(Kind.NAME);
        return switch (token.text()) {
            case "true", "True", "false", "False", "none", "None" ->
                throw source.syntax("'" + token.text() + "' cannot be assigned to.", token.at());
            default -> token.text();
        };
    }

    /** The body of a block that loops and conditions around do not reach into. */
    private List<Statement> apart(String end) {
        int outer = loops;
        loops = 0;
        List<Statement> body = body(false, end);
        loops = outer;
        tokens.expectName(end);
        return body;
    }

    private List<Statement.Parameter> parameters() {
        List<Statement.Parameter> parameters = new ArrayList<>();
        tokens.expectOperator("(");
        while (!tokens.takeOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            Token token = tokens.peek();
            String name = variable();
            Expression fallback = tokens.takeOperator("=") ? expressions.expression() : null;
            if (fallback == null
                    && !parameters.isEmpty()
                    && parameters.getLast().fallback() != null) {
                throw source.syntax("the parameter '" + name + "' has no default, but the one before has.", token.at());
            }
            parameters.add(new Statement.Parameter(name, fallback));
        }
        return parameters;
    }

    private Signature signature(List<Statement.Parameter> parameters, List<String> names) {
        return new Signature(
                parameters,
                special("varargs", parameters, names),
                special("kwargs", parameters, names),
                special("caller", parameters, names));
    }

    private static boolean special(String name, List<Statement.Parameter> parameters, List<String> names) {
        for (Statement.Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return false;
            }
        }
        return names.contains(name);
    }

    private Statement macro(int at) {
        String name = variable();
        List<Statement.Parameter> parameters = parameters();
        int before = expressions.specialNames().size();
        List<Statement> body = apart("endmacro");
        return new Statement.Macro(at, name, signature(parameters, spoken(before)), body);
    }

    private List<String> spoken(int before) {
        return List.copyOf(expressions
                .specialNames()
                .subList(before, expressions.specialNames().size()));
    }

    private Statement call(int at) {
        List<Statement.Parameter> parameters = tokens.peek().isOperator("(") ? parameters() : List.of();
        Expression called = expressions.expression();
        if (!(called instanceof Expression.Call call)) {
            throw source.syntax("a call is expected after 'call'.", called.at());
        }
        int before = expressions.specialNames().size();
        List<Statement> body = apart("endcall");
        return new Statement.CallBlock(at, signature(parameters, spoken(before)), call, body);
    }

    private Statement filter(int at) {
        Expression value = expressions.filters().chain(expressions.filters().named(Renderer.captured(at)));
        List<Statement> body = body(false, "endfilter");
        tokens.expectName("endfilter");
        return new Statement.FilterBlock(at, value, body);
    }

    private Statement with(int at) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.peek().kind() != Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(single(false));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        List<Statement> body = body(false, "endwith");
        tokens.expectName("endwith");
        return new Statement.With(at, targets, values, body);
    }

    private List<Statement> prints() {
        List<Statement> prints = new ArrayList<>();
        while (tokens.peek().kind() != Kind.BLOCK_END) {
            if (!prints.isEmpty()) {
                tokens.expectOperator(",");
            }
            int at = tokens.peek().at();
            prints.add(new Statement.Print(at, expressions.expression()));
        }
        return prints;
    }
}
