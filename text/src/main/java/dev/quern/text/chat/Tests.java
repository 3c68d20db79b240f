package dev.quern.text.chat;

import dev.quern.text.chat.Expression.Relation;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may stand after {@code is}. */
final class Tests {
    /** Whether a value passes. */
    interface Test {
        boolean passes(Value value, Arguments arguments);
    }

    private static final Map<String, Test> TESTS = new LinkedHashMap<>();

    static {
        plain("defined", value -> !(value instanceof Value.Undefined));
        plain("undefined", value -> value instanceof Value.Undefined);
        plain("none", value -> value instanceof Value.Nothing);
        plain("boolean", value -> value instanceof Value.Bool);
        plain("true", value -> value instanceof Value.Bool bool && bool.value());
        plain("false", value -> value instanceof Value.Bool bool && !bool.value());
        plain("integer", value -> value instanceof Value.Int);
        plain("float", value -> value instanceof Value.Real);
        plain("number", value -> Operations.number(value) != null);
        plain("string", value -> value instanceof Value.Text);
        plain("mapping", value -> value instanceof Value.Dict);
        plain("iterable", Sequences::isIterable);
        plain(
                "sequence",
                value -> Sequences.length(value) != null
                        && !(value instanceof Value.View)
                        && !(value instanceof Value.Loop));
        plain("callable", value -> value instanceof Value.Function || value instanceof Value.Undefined);
        plain("escaped", value -> value instanceof Value.Text text && text.markup());
        TESTS.put("lower", (value, arguments) -> cased(value, arguments, false));
        TESTS.put("upper", (value, arguments) -> cased(value, arguments, true));
        TESTS.put("odd", (value, arguments) -> remainder("odd", value, arguments, 2) == 1);
        TESTS.put("even", (value, arguments) -> remainder("even", value, arguments, 2) == 0);
        TESTS.put("divisibleby", (value, arguments) -> {
            long divisor = arguments.integer("num", other("divisibleby", arguments), 0);
            return remainder("divisibleby", value, Arguments.none(arguments.evaluation()), divisor) == 0;
        });
        TESTS.put("sameas", (value, arguments) -> {
            Value other = other("sameas", arguments);
            return switch (value) {
                case Value.Nothing ignored -> other instanceof Value.Nothing;
                case Value.Bool bool -> bool.equals(other);
                case Value.Int integer -> integer.equals(other);
                case Value.Text text ->
                    other instanceof Value.Text string
                            && text.text().equals(string.text())
                            && text.markup() == string.markup();
                default -> Operations.isSame(value, other);
            };
        });
        TESTS.put(
                "filter", (value, arguments) -> value instanceof Value.Text name && Filters.find(name.text()) != null);
        TESTS.put("test", (value, arguments) -> value instanceof Value.Text name && find(name.text()) != null);
        relation(Relation.IN, "in");
        relation(Relation.EQUAL, "==", "eq", "equalto");
        relation(Relation.NOT_EQUAL, "!=", "ne");
        relation(Relation.GREATER, ">", "gt", "greaterthan");
        relation(Relation.GREATER_OR_EQUAL, ">=", "ge");
        relation(Relation.LESS, "<", "lt", "lessthan");
        relation(Relation.LESS_OR_EQUAL, "<=", "le");
    }

    private Tests() {}

    private interface Predicate {
        boolean holds(Value value);
    }

    private static void plain(String name, Predicate predicate) {
        TESTS.put(name, (value, arguments) -> {
            arguments.bind("the test '" + name + "'", 0);
            return predicate.holds(value);
        });
    }

    private static void relation(Relation relation, String... names) {
        for (String name : names) {
            TESTS.put(
                    name,
                    (value, arguments) ->
                            Operations.holds(arguments.evaluation(), relation, value, other(name, arguments)));
        }
    }

    private static Value other(String name, Arguments arguments) {
        return Arguments.given(arguments.bind("the test '" + name + "'", 1, "other")[0]);
    }

    private static boolean cased(Value value, Arguments arguments, boolean upper) {
        arguments.bind(upper ? "the test 'upper'" : "the test 'lower'", 0);
        return TextMethods.isCased(Printer.print(arguments.evaluation(), value).text(), upper);
    }

    private static long remainder(String name, Value value, Arguments arguments, long divisor) {
        arguments.bind("the test '" + name + "'", 0);
        Value remainder =
                Operations.compute(arguments.evaluation(), Expression.Operator.MODULO, value, Value.of(divisor));
        Long integer = Operations.integer(remainder);
        return integer == null ? -1 : integer;
    }

    /** The test of that name, null where there is none. */
    static @Nullable Test find(String name) {
        return TESTS.get(name);
    }

    /** All names. */
    static String names() {
        return String.join(", ", TESTS.keySet());
    }
}
