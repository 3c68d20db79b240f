package dev.quern.text.chat;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters that make or change numbers. */
final class NumberFilters {
    private NumberFilters() {}

    static void register(Map<String, Filters.Filter> filters) {
        filters.put("int", NumberFilters::integer);
        filters.put("float", NumberFilters::real);
        filters.put("round", NumberFilters::round);
        filters.put("abs", (value, arguments) -> {
            arguments.bind("the filter 'abs'", 0);
            Long integer = Operations.integer(value);
            return value instanceof Value.Real number
                    ? new Value.Real(Math.abs(number.value()))
                    : Arithmetic.negate(arguments.evaluation(), value, integer != null && integer < 0);
        });
    }

    private static Value integer(Value value, Arguments arguments) {
        @Nullable Value[] given = arguments.bind("the filter 'int'", 0, "default", "base");
        Value fallback = given[0] == null ? Value.of(0) : given[0];
        if (value instanceof Value.Text text) {
            long base = arguments.integer("base", given[1], 10);
            if (base < 2 || base > 36) {
                throw arguments.evaluation().problem("the base of 'int' must be from 2 to 36; it is " + base + ".");
            }
            Long integer = Numbers.parseInteger(text.text(), (int) base);
            if (integer != null) {
                return Value.of(integer);
            }
            Double number = Numbers.parseFloat(text.text());
            return number == null ? fallback : truncated(number, fallback);
        }
        if (value instanceof Value.Real number) {
            return truncated(number.value(), fallback);
        }
        Operations.defined(arguments.evaluation(), value);
        Long integer = Operations.integer(value);
        return integer == null ? fallback : Value.of(integer);
    }

    private static Value truncated(double number, Value fallback) {
        return Double.isNaN(number) || Math.abs(number) >= 0x1p63 ? fallback : Value.of((long) number);
    }

    private static Value real(Value value, Arguments arguments) {
        @Nullable Value[] given = arguments.bind("the filter 'float'", 0, "default");
        Operations.defined(arguments.evaluation(), value);
        Double number = value instanceof Value.Text text ? Numbers.parseFloat(text.text()) : Operations.number(value);
        return number != null ? new Value.Real(number) : given[0] == null ? new Value.Real(0) : given[0];
    }

    private static Value round(Value value, Arguments arguments) {
        Evaluation evaluation = arguments.evaluation();
        @Nullable Value[] given = arguments.bind("the filter 'round'", 0, "precision", "method");
        long precision = Math.max(-400, Math.min(400, arguments.integer("precision", given[0], 0)));
        String method = given[1] == null ? "common" : arguments.text("method", given[1]);
        Operations.defined(evaluation, value);
        Double number = Operations.number(value);
        if (number == null) {
            throw evaluation.problem("'round' cannot be applied to " + value.type() + ".");
        }
        double scale = Math.pow(10, (double) precision);
        return switch (method) {
            case "common" -> {
                double rounded = Numbers.rounded(number, (int) precision);
                yield value instanceof Value.Real ? new Value.Real(rounded) : Value.of((long) rounded);
            }
            case "ceil" -> new Value.Real(Math.ceil(number * scale) / scale);
            case "floor" -> new Value.Real(Math.floor(number * scale) / scale);
            default -> throw evaluation.problem("the method of 'round' must be common, ceil or floor.");
        };
    }
}
