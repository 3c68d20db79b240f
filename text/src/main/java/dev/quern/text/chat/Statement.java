package dev.quern.text.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands in a template: text, prints and blocks. */
sealed interface Statement {
    int at();

    record Text(int at, String text) implements Statement {}

    record Print(int at, Expression value) implements Statement {}

    record If(int at, List<Branch> branches, List<Statement> otherwise) implements Statement {}

    record Branch(Expression condition, List<Statement> body) {}

    record For(
            int at,
            Target target,
            Expression items,
            @Nullable Expression condition,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    record Set(int at, Target target, Expression value) implements Statement {}

    /** The text of the body, through filters over {@link Renderer#CAPTURED}, becomes a value. */
    record SetBlock(int at, Target target, Expression value, List<Statement> body) implements Statement {}

    record Macro(int at, String name, Signature signature, List<Statement> body) implements Statement {}

    /** Calls a macro that gets the body as {@code caller}. */
    record CallBlock(int at, Signature signature, Expression.Call call, List<Statement> body) implements Statement {}

    /** Prints the body through filters over {@link Renderer#CAPTURED}. */
    record FilterBlock(int at, Expression value, List<Statement> body) implements Statement {}

    record With(int at, List<Target> targets, List<Expression> values, List<Statement> body) implements Statement {}

    /** {@code {% generation %}}: marks what the model wrote; here it only has a scope of its own. */
    record Generation(int at, List<Statement> body) implements Statement {}

    record Break(int at) implements Statement {}

    record Continue(int at) implements Statement {}

    /**
     * A macro's parameters; the flags say which of the special names its body speaks of.
     */
    record Signature(List<Parameter> parameters, boolean variadic, boolean keywords, boolean caller) {}

    record Parameter(String name, @Nullable Expression fallback) {}

    /** Where a value goes. */
    sealed interface Target {
        int at();

        record Variable(int at, String name) implements Target {}

        record Field(int at, String namespace, String name) implements Target {}

        record Several(int at, List<Target> targets) implements Target {}
    }
}
