package dev.quern.text.chat;

import dev.quern.text.chat.Expression.Given;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes expressions. */
final class Evaluator {
    /** Functions that templates for web pages know and those for chats do not use. */
    private static final List<String> REFUSED = List.of("lipsum", "cycler", "joiner");

    private final Evaluation evaluation;

    Evaluator(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    Value evaluate(Expression expression, Scope scope) {
        evaluation.enter();
        evaluation.at(expression.at());
        Value value = switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> name(name.name(), scope);
            case Expression.ListOf list -> Value.list(all(list.items(), scope));
            case Expression.TupleOf tuple -> new Value.Tuple(all(tuple.items(), scope));
            case Expression.DictOf dict -> dict(dict, scope);
            case Expression.Attribute attribute -> {
                Value target = evaluate(attribute.target(), scope);
                evaluation.at(attribute.at());
                yield Access.attribute(evaluation, target, attribute.name());
            }
            case Expression.Item item -> {
                Value target = evaluate(item.target(), scope);
                Value key = evaluate(item.key(), scope);
                evaluation.at(item.at());
                yield Access.item(evaluation, target, key);
            }
            case Expression.Slice slice -> slice(slice, scope);
            case Expression.Call call -> call(call, given(call.arguments(), scope), scope);
            case Expression.Filter filter -> filter(filter, scope);
            case Expression.Test test -> Value.of(test(test, scope));
            case Expression.Unary unary -> unary(unary, scope);
            case Expression.Binary binary -> {
                Value left = evaluate(binary.left(), scope);
                Value right = evaluate(binary.right(), scope);
                evaluation.at(binary.at());
                yield Operations.compute(evaluation, binary.operator(), left, right);
            }
            case Expression.Joined joined -> joined(joined, scope);
            case Expression.Comparison comparison -> Value.of(comparison(comparison, scope));
            case Expression.Logical logical -> {
                Value left = evaluate(logical.left(), scope);
                yield Operations.truth(left) == logical.and() ? evaluate(logical.right(), scope) : left;
            }
            case Expression.Conditional conditional -> conditional(conditional, scope);
        };
        evaluation.leave();
        return value;
    }

    boolean truth(Expression condition, Scope scope) {
        return Operations.truth(evaluate(condition, scope));
    }

    private Value name(String name, Scope scope) {
        Value value = scope.get(name);
        if (value != null) {
            return value;
        }
        if (REFUSED.contains(name)) {
            throw evaluation.unsupported("the function '" + name + "'.");
        }
        return new Value.Undefined("'" + name + "' is undefined");
    }

    private List<Value> all(List<Expression> expressions, Scope scope) {
        List<Value> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(evaluate(expression, scope));
        }
        return values;
    }

    private Value dict(Expression.DictOf expression, Scope scope) {
        Value.Dict dict = new Value.Dict();
        for (Expression.Entry entry : expression.entries()) {
            Value key = evaluate(entry.key(), scope);
            Value value = evaluate(entry.value(), scope);
            evaluation.at(entry.key().at());
            dict.put(Keys.of(evaluation, key), key, value);
        }
        return dict;
    }

    private @Nullable Value optional(@Nullable Expression expression, Scope scope) {
        return expression == null ? null : evaluate(expression, scope);
    }

    private Value slice(Expression.Slice slice, Scope scope) {
        Value target = evaluate(slice.target(), scope);
        Value from = optional(slice.from(), scope);
        Value to = optional(slice.to(), scope);
        Value step = optional(slice.step(), scope);
        evaluation.at(slice.at());
        return Sequences.slice(evaluation, target, from, to, step);
    }

    /** The values of what stands in a call's parentheses. */
    Arguments given(Given given, Scope scope) {
        if (given.isNothing()) {
            return Arguments.none(evaluation);
        }
        List<Value> positional = all(given.positional(), scope);
        Value.Dict named = new Value.Dict();
        for (Expression.Keyword keyword : given.keywords()) {
            named.put(keyword.name(), evaluate(keyword.value(), scope));
        }
        if (given.spread() != null) {
            positional.addAll(Sequences.items(evaluation, evaluate(given.spread(), scope)));
        }
        if (given.keywordSpread() != null) {
            Value spread = evaluate(given.keywordSpread(), scope);
            if (!(spread instanceof Value.Dict dict)) {
                throw evaluation.problem("'**' needs a dict; it gets " + spread.type() + ".");
            }
            for (Map.Entry<Value, Value> entry : dict.entries().values()) {
                if (!(entry.getKey() instanceof Value.Text name) || named.get(name.text()) != null) {
                    throw evaluation.problem("'**' needs a dict of names that are not given yet.");
                }
                named.put(name.text(), name, entry.getValue());
            }
        }
        return new Arguments(evaluation, positional, named);
    }

    /** Calls what the expression calls. */
    Value call(Expression.Call call, Arguments arguments, Scope scope) {
        Value target = evaluate(call.target(), scope);
        evaluation.at(call.at());
        return switch (target) {
            case Value.Function function -> {
                Value result = function.call(arguments);
                evaluation.at(call.at());
                yield result;
            }
            case Value.Loop loop -> loop.call(arguments);
            default -> {
                Operations.defined(evaluation, target);
                throw evaluation.problem(target.type() + " cannot be called.");
            }
        };
    }

    private Value filter(Expression.Filter filter, Scope scope) {
        Filters.Filter found = Filters.find(filter.name());
        if (found == null) {
            throw evaluation.unsupported("the filter '" + filter.name() + "'. Known filters: " + Filters.names() + ".");
        }
        Value target = evaluate(filter.target(), scope);
        Arguments arguments = given(filter.arguments(), scope);
        evaluation.at(filter.at());
        return found.apply(target, arguments);
    }

    private boolean test(Expression.Test test, Scope scope) {
        Tests.Test found = Tests.find(test.name());
        if (found == null) {
            throw evaluation.unsupported("the test '" + test.name() + "'. Known tests: " + Tests.names() + ".");
        }
        Value target = evaluate(test.target(), scope);
        Arguments arguments = given(test.arguments(), scope);
        evaluation.at(test.at());
        return found.passes(target, arguments);
    }

    private Value unary(Expression.Unary unary, Scope scope) {
        Value operand = evaluate(unary.operand(), scope);
        evaluation.at(unary.at());
        return switch (unary.operator()) {
            case NOT -> Value.of(!Operations.truth(operand));
            case MINUS -> Arithmetic.negate(evaluation, operand, true);
            case PLUS -> Arithmetic.negate(evaluation, operand, false);
        };
    }

    private Value joined(Expression.Joined joined, Scope scope) {
        BoundedText text = new BoundedText(evaluation);
        for (Expression part : joined.parts()) {
            text.append(Printer.print(evaluation, evaluate(part, scope)));
        }
        return Value.of(text.marked());
    }

    private boolean comparison(Expression.Comparison comparison, Scope scope) {
        Value left = evaluate(comparison.first(), scope);
        for (Expression.Operand operand : comparison.others()) {
            Value right = evaluate(operand.value(), scope);
            evaluation.at(operand.at());
            if (!Operations.holds(evaluation, operand.relation(), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Value conditional(Expression.Conditional conditional, Scope scope) {
        if (truth(conditional.condition(), scope)) {
            return evaluate(conditional.then(), scope);
        }
        return conditional.otherwise() == null
                ? new Value.Undefined("a value with 'if' has no 'else', and its condition is false")
                : evaluate(conditional.otherwise(), scope);
    }

    /** Gives a value to a target. */
    void assign(Statement.Target target, Value value, Scope scope) {
        switch (target) {
            case Statement.Target.Variable variable -> scope.set(variable.name(), value);
            case Statement.Target.Field field -> {
                evaluation.at(field.at());
                Value namespace = name(field.namespace(), scope);
                if (!(namespace instanceof Value.Namespace found)) {
                    throw evaluation.problem("'" + field.namespace() + "." + field.name() + "' is set, but '"
                            + field.namespace() + "' is " + namespace.type() + ", not a namespace.");
                }
                found.attributes().put(field.name(), value);
            }
            case Statement.Target.Several several -> {
                evaluation.at(several.at());
                Iterator<Value> items = Sequences.iterate(evaluation, value);
                List<Value> values = new ArrayList<>();
                while (items.hasNext() && values.size() <= several.targets().size()) {
                    values.add(items.next());
                }
                if (values.size() != several.targets().size()) {
                    throw evaluation.problem(value.type() + " is taken apart into "
                            + several.targets().size()
                            + " values, but it has "
                            + (values.size() > several.targets().size() ? "more" : "only " + values.size()) + ".");
                }
                for (int index = 0; index < values.size(); index++) {
                    assign(several.targets().get(index), values.get(index), scope);
                }
            }
        }
    }
}
