package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import dev.quern.text.chat.Statement.Signature;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Runs the statements of a template. */
final class Renderer {
    /** The name under which a block's text is filtered; no template can write it. */
    static final String CAPTURED = " captured";

    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    private final Evaluation evaluation;
    private final Evaluator evaluator;
    private BoundedText out;

    Renderer(Evaluation evaluation) {
        this.evaluation = evaluation;
        this.evaluator = new Evaluator(evaluation);
        this.out = new BoundedText(evaluation);
    }

    static Expression captured(int at) {
        return new Expression.Name(at, CAPTURED);
    }

    /** The text of a template; {@code context} holds what the request and the globals are. */
    MarkedText render(List<Statement> statements, Scope context) {
        run(statements, new Scope(context));
        return out.marked();
    }

    private Flow run(List<Statement> statements, Scope scope) {
        evaluation.enter();
        Flow flow = Flow.ON;
        for (Statement statement : statements) {
            flow = run(statement, scope);
            if (flow != Flow.ON) {
                break;
            }
        }
        evaluation.leave();
        return flow;
    }

    private Flow run(Statement statement, Scope scope) {
        evaluation.step();
        evaluation.at(statement.at());
        return switch (statement) {
            case Statement.Text text -> {
                out.append(text.text());
                yield Flow.ON;
            }
            case Statement.Print print -> print(Printer.print(evaluation, evaluator.evaluate(print.value(), scope)));
            case Statement.If condition -> condition(condition, scope);
            case Statement.For loop -> loop(loop, evaluator.evaluate(loop.items(), scope), scope, 0);
            case Statement.Set set -> {
                evaluator.assign(set.target(), evaluator.evaluate(set.value(), scope), scope);
                yield Flow.ON;
            }
            case Statement.SetBlock set -> {
                Scope inner = new Scope(scope);
                Flow flow = capture(set.body(), inner);
                if (flow == Flow.ON) {
                    evaluator.assign(set.target(), evaluator.evaluate(set.value(), inner), scope);
                }
                yield flow;
            }
            case Statement.Macro macro -> {
                scope.set(macro.name(), macro(macro.name(), macro.signature(), macro.body(), scope));
                yield Flow.ON;
            }
            case Statement.CallBlock call -> call(call, scope);
            case Statement.FilterBlock filter -> {
                Scope inner = new Scope(scope);
                Flow flow = capture(filter.body(), inner);
                yield flow == Flow.ON
                        ? print(Printer.print(evaluation, evaluator.evaluate(filter.value(), inner)))
                        : flow;
            }
            case Statement.With with -> with(with, scope);
            case Statement.Generation generation -> run(generation.body(), new Scope(scope));
            case Statement.Break ignored -> Flow.BREAK;
            case Statement.Continue ignored -> Flow.CONTINUE;
        };
    }

    private Flow print(MarkedText text) {
        out.append(text);
        return Flow.ON;
    }

    private Flow condition(Statement.If condition, Scope scope) {
        for (Statement.Branch branch : condition.branches()) {
            if (evaluator.truth(branch.condition(), scope)) {
                return run(branch.body(), scope);
            }
        }
        return run(condition.otherwise(), scope);
    }

    private Flow with(Statement.With with, Scope scope) {
        List<Value> values = new ArrayList<>();
        for (Expression value : with.values()) {
            values.add(evaluator.evaluate(value, scope));
        }
        Scope inner = new Scope(scope);
        for (int index = 0; index < values.size(); index++) {
            evaluator.assign(with.targets().get(index), values.get(index), inner);
        }
        return run(with.body(), inner);
    }

    /** Runs a body; its text becomes the value of {@link #CAPTURED} in the scope. */
    private Flow capture(List<Statement> body, Scope scope) {
        BoundedText before = out;
        out = new BoundedText(evaluation);
        Flow flow = run(body, scope);
        scope.set(CAPTURED, Value.of(out.marked()));
        out = before;
        return flow;
    }

    private Value text(List<Statement> body, Scope scope) {
        capture(body, scope);
        Value text = scope.get(CAPTURED);
        return text == null ? Value.of("") : text;
    }

    private Flow loop(Statement.For loop, Value items, Scope scope, int depth) {
        evaluation.at(loop.items().at());
        Iterator<Value> iterator = Sequences.iterate(evaluation, items);
        if (loop.condition() != null) {
            iterator = new Filtered(loop, loop.condition(), iterator, scope);
        }
        LoopState state = new LoopState(
                evaluation,
                iterator,
                loop.condition() == null ? items : null,
                depth,
                loop.recursive() ? children -> nested(loop, children, scope, depth + 1) : null);
        // As in Jinja, 'else' belongs to loops whose body never came to its end, be it for lack of items or by break
        // and continue.
        boolean any = false;
        while (state.advance()) {
            evaluation.step();
            Scope inner = new Scope(scope);
            inner.set("loop", state);
            evaluator.assign(loop.target(), state.current(), inner);
            Flow flow = run(loop.body(), inner);
            any |= flow == Flow.ON;
            if (flow == Flow.BREAK) {
                break;
            }
        }
        return any ? Flow.ON : run(loop.otherwise(), new Scope(scope));
    }

    private Value nested(Statement.For loop, Value items, Scope scope, int depth) {
        BoundedText before = out;
        out = new BoundedText(evaluation);
        loop(loop, items, scope, depth);
        Value text = Value.of(out.marked());
        out = before;
        return text;
    }

    /** The items for which a loop's own condition holds, looked at one by one as the loop goes on. */
    private final class Filtered implements Iterator<Value> {
        private final Statement.For loop;
        private final Expression condition;
        private final Iterator<Value> items;
        private final Scope scope;
        private @Nullable Value next;

        Filtered(Statement.For loop, Expression condition, Iterator<Value> items, Scope scope) {
            this.loop = loop;
            this.condition = condition;
            this.items = items;
            this.scope = scope;
        }

        @Override
        public boolean hasNext() {
            while (next == null && items.hasNext()) {
                Value item = items.next();
                Scope inner = new Scope(scope);
                evaluator.assign(loop.target(), item, inner);
                if (evaluator.truth(condition, inner)) {
                    next = item;
                }
            }
            return next != null;
        }

        @Override
        public Value next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Value item = next;
            next = null;
            return item == null ? Values.NONE : item;
        }
    }

    private Flow call(Statement.CallBlock block, Scope scope) {
        Arguments given = evaluator.given(block.call().arguments(), scope);
        Value.Dict named = new Value.Dict();
        named.putAll(given.named());
        named.put("caller", macro("caller", block.signature(), block.body(), scope));
        Arguments arguments = new Arguments(evaluation, given.positional(), named);
        return print(Printer.print(evaluation, evaluator.call(block.call(), arguments, scope)));
    }

    private Value macro(String name, Signature signature, List<Statement> body, Scope outer) {
        return new Value.Function(name, arguments -> {
            Scope scope = new Scope(outer);
            bind(name, signature, arguments, scope);
            return text(body, scope);
        });
    }

    private void bind(String name, Signature signature, Arguments arguments, Scope scope) {
        List<Statement.Parameter> parameters = signature.parameters();
        List<Value> positional = arguments.positional();
        Value.Dict named = new Value.Dict();
        named.putAll(arguments.named());
        for (int index = 0; index < parameters.size(); index++) {
            Statement.Parameter parameter = parameters.get(index);
            Value value = index < positional.size() ? positional.get(index) : named.remove(parameter.name());
            if (value == null) {
                value = parameter.fallback() == null
                        ? new Value.Undefined("the parameter '" + parameter.name() + "' was not given")
                        : evaluator.evaluate(parameter.fallback(), scope);
            }
            scope.set(parameter.name(), value);
        }
        if (signature.caller()) {
            Value caller = named.remove("caller");
            scope.set("caller", caller == null ? new Value.Undefined("there is no caller") : caller);
        }
        if (signature.keywords()) {
            scope.set("kwargs", named);
        } else if (named.size() > 0) {
            String surplus = (String) named.entries().keySet().iterator().next();
            throw evaluation.problem("the macro '" + name + "' has no parameter '" + surplus + "', or got it twice.");
        }
        if (signature.variadic()) {
            int from = Math.min(parameters.size(), positional.size());
            scope.set("varargs", new Value.Tuple(positional.subList(from, positional.size())));
        } else if (positional.size() > parameters.size()) {
            throw evaluation.problem("the macro '" + name + "' takes " + parameters.size()
                    + " arguments at most, but gets " + positional.size() + ".");
        }
    }
}
