package dev.quern.ir.text.read;

import dev.quern.ir.Pointwise;
import dev.quern.ir.Pointwise.Operator;
import dev.quern.ir.Value;
import dev.quern.ir.text.Count;
import dev.quern.ir.text.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Gives the names and functions of an expression their meaning. */
final class ExpressionReader {
    private final Source source;
    private final Function<Tree.Name, Value> values;

    /**
     * A reader of expressions.
     *
     * @param values what a name stands for
     */
    ExpressionReader(Source source, Function<Tree.Name, Value> values) {
        this.source = source;
        this.values = values;
    }

    Pointwise read(Tree.Expression expression) {
        return switch (expression) {
            case Tree.Expression.Constant constant -> new Pointwise.Constant(constant.value());
            case Tree.Expression.Part part -> new Pointwise.Part((int) part.index());
            case Tree.Expression.Operand operand -> Pointwise.of(values.apply(operand.name()));
            case Tree.Expression.Infix infix ->
                new Pointwise.Binary(
                        operator(infix.sign().text()).orElseThrow(), read(infix.left()), read(infix.right()));
            case Tree.Expression.Call call -> call(call);
        };
    }

    private Pointwise call(Tree.Expression.Call call) {
        String name = call.function().text();
        List<Pointwise> arguments = new ArrayList<>();
        call.arguments().forEach(argument -> arguments.add(read(argument)));
        for (Pointwise.Function function : Pointwise.Function.values()) {
            if (function.text().equals(name)) {
                check(call, 1);
                return new Pointwise.Unary(function, arguments.getFirst());
            }
        }
        Operator operator = operator(name)
                .orElseThrow(() -> source.error(
                        call.at(), "there is no function '" + name + "'" + Nearest.among(name, functions())));
        check(call, 2);
        return new Pointwise.Binary(operator, arguments.get(0), arguments.get(1));
    }

    private void check(Tree.Expression.Call call, int expected) {
        if (call.arguments().size() != expected) {
            throw source.error(
                    call.at(),
                    call.function().text() + " takes " + Count.of(expected, "argument") + ", not "
                            + call.arguments().size());
        }
    }

    private static Optional<Operator> operator(String text) {
        for (Operator operator : Operator.values()) {
            if (operator.text().equals(text)) {
                return Optional.of(operator);
            }
        }
        return Optional.empty();
    }

    private static List<String> functions() {
        List<String> names = new ArrayList<>();
        for (Pointwise.Function function : Pointwise.Function.values()) {
            names.add(function.text());
        }
        for (Operator operator : Operator.values()) {
            switch (operator.spelling()) {
                case CALL -> names.add(operator.text());
                case SUM, PRODUCT -> {}
            }
        }
        return names;
    }
}
