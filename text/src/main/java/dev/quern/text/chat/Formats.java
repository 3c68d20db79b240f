package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Python's two ways of putting values into a string: {@code "%s" % value} and {@code "{}".format(value)}. */
final class Formats {
    private Formats() {}

    /** {@code format % values}. */
    static MarkedText percent(Evaluation evaluation, MarkedText marked, Value values) {
        String format = marked.text();
        BoundedText out = new BoundedText(evaluation);
        List<Value> positional = values instanceof Value.Tuple tuple ? tuple.items() : List.of(values);
        int next = 0;
        int at = 0;
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            if (percent < 0) {
                out.append(marked, at, format.length());
                break;
            }
            out.append(marked, at, percent);
            Specification specification = new Specification(evaluation);
            at = percent + 1;
            Value value = null;
            if (format.startsWith("(", at)) {
                int close = format.indexOf(')', at);
                if (close < 0) {
                    throw evaluation.problem("a format has '%(' without ')'.");
                }
                value = Access.item(evaluation, values, Value.of(format.substring(at + 1, close)));
                next = positional.size();
                at = close + 1;
            }
            at = specification.readPercent(format, at);
            if (at >= format.length()) {
                throw evaluation.problem("a format ends within '%'.");
            }
            char type = format.charAt(at++);
            if (type == '%') {
                out.append(marked, at - 1, at);
                continue;
            }
            if (value == null) {
                if (next >= positional.size()) {
                    throw evaluation.problem("a format has more places than there are values.");
                }
                value = positional.get(next++);
            }
            out.append(specification.format(value, type, true));
        }
        if (next < positional.size() && !(values instanceof Value.Dict)) {
            throw evaluation.problem("a format has fewer places than there are values.");
        }
        return out.marked();
    }

    /** {@code format.format(arguments)}. */
    static MarkedText braces(Evaluation evaluation, MarkedText marked, Arguments arguments) {
        String format = marked.text();
        BoundedText out = new BoundedText(evaluation);
        int next = 0;
        for (int at = 0; at < format.length(); ) {
            char unit = format.charAt(at);
            if (unit == '{' || unit == '}') {
                if (at + 1 < format.length() && format.charAt(at + 1) == unit) {
                    out.append(marked, at, at + 1);
                    at += 2;
                    continue;
                }
                int close = format.indexOf('}', at);
                if (unit == '}' || close < 0) {
                    throw evaluation.problem("a format has a single '" + unit + "'.");
                }
                String field = format.substring(at + 1, close);
                int colon = field.indexOf(':');
                MarkedText specification = colon < 0 ? MarkedText.EMPTY : marked.substring(at + 1 + colon + 1, close);
                String name = colon < 0 ? field : field.substring(0, colon);
                boolean shown = name.endsWith("!r");
                name = shown || name.endsWith("!s") ? name.substring(0, name.length() - 2) : name;
                Value value = field(evaluation, name.isEmpty() ? Integer.toString(next++) : name, arguments);
                value = shown ? Value.of(Printer.show(evaluation, value)) : value;
                out.append(new Specification(evaluation).formatBraces(value, specification));
                at = close + 1;
            } else {
                int end = at;
                while (end < format.length() && format.charAt(end) != '{' && format.charAt(end) != '}') {
                    end++;
                }
                out.append(marked, at, end);
                at = end;
            }
        }
        return out.marked();
    }

    private static Value field(Evaluation evaluation, String name, Arguments arguments) {
        Long index = Numbers.parseInteger(name, 10);
        if (index != null) {
            if (index < 0 || index >= arguments.positional().size()) {
                throw evaluation.problem("a format asks for value " + name + ", but there are only "
                        + arguments.positional().size() + ".");
            }
            return arguments.positional().get((int) (long) index);
        }
        Value value = arguments.named().get(name);
        if (value == null) {
            if (name.indexOf('.') >= 0 || name.indexOf('[') >= 0 || name.indexOf('!') >= 0) {
                throw evaluation.unsupported(
                        "the field '{" + name + "}' of a format; names and numbers are supported.");
            }
            throw evaluation.problem("a format asks for '" + name + "', which is not given.");
        }
        return value;
    }

    /** How one value is to be shown. */
    private static final class Specification {
        private final Evaluation evaluation;
        private MarkedText fill = MarkedText.written(" ");
        private char align;
        private boolean sign;
        private int width;
        private int precision = -1;

        Specification(Evaluation evaluation) {
            this.evaluation = evaluation;
        }

        int readPercent(String format, int from) {
            int at = from;
            for (; at < format.length() && "-+ #0".indexOf(format.charAt(at)) >= 0; at++) {
                switch (format.charAt(at)) {
                    case '-' -> align = '<';
                    case '+' -> sign = true;
                    case '0' -> fill = MarkedText.written("0");
                    default -> throw evaluation.unsupported("the flag '" + format.charAt(at) + "' of a format.");
                }
            }
            return readSizes(format, at);
        }

        private int readSizes(String format, int from) {
            int at = from;
            while (at < format.length() && Characters.isDigit(format.charAt(at))) {
                width = Math.min(width * 10 + format.charAt(at++) - '0', 100_000);
            }
            if (at < format.length() && format.charAt(at) == '.') {
                precision = 0;
                for (at++; at < format.length() && Characters.isDigit(format.charAt(at)); at++) {
                    precision = Math.min(precision * 10 + format.charAt(at) - '0', 1000);
                }
            }
            return at;
        }

        MarkedText formatBraces(Value value, MarkedText marked) {
            String specification = marked.text();
            int at = 0;
            int first = specification.isEmpty() ? 0 : Character.charCount(specification.codePointAt(0));
            if (specification.length() > first && "<>^".indexOf(specification.charAt(first)) >= 0) {
                fill = marked.substring(0, first);
                at = first;
            }
            if (at < specification.length() && "<>^".indexOf(specification.charAt(at)) >= 0) {
                align = specification.charAt(at++);
            }
            if (specification.startsWith("+", at)) {
                sign = true;
                at++;
            }
            if (specification.startsWith("0", at)) {
                fill = MarkedText.written("0");
                at++;
            }
            at = readSizes(specification, at);
            boolean number = value instanceof Value.Int || value instanceof Value.Real;
            char type = at < specification.length()
                    ? specification.charAt(at++)
                    : !number ? 's' : value instanceof Value.Int ? 'd' : precision < 0 ? 'r' : 'g';
            if (at < specification.length()) {
                throw evaluation.unsupported("the specification '" + specification + "' of a format.");
            }
            if (align == 0 && type == 's') {
                align = '<';
            }
            return format(value, type, false);
        }

        MarkedText format(Value value, char type, boolean percent) {
            MarkedText text = switch (type) {
                case 's', 'r' -> {
                    MarkedText shown = type == 's' || !percent
                            ? Printer.print(evaluation, value)
                            : Printer.show(evaluation, value);
                    shown = type == 'r' && !percent ? signed(shown.text()) : shown;
                    yield precision >= 0 && shown.text().codePointCount(0, shown.length()) > precision
                            ? Strings.slice(shown, 0, precision, 1)
                            : shown;
                }
                case 'd', 'i', 'u' -> signed(Long.toString(integer(value, type, percent)));
                case 'x' -> signed(Long.toString(integer(value, type, false), 16));
                case 'X' -> signed(Strings.upper(Long.toString(integer(value, type, false), 16)));
                case 'o' -> signed(Long.toString(integer(value, type, false), 8));
                case 'f', 'F' -> signed(Numbers.fixed(number(value, type), precision < 0 ? 6 : precision));
                default ->
                    throw evaluation.unsupported("the type '" + type + "' of a format; s, r, d, x, X, o and f are.");
            };
            long missing = Math.max(0, width - text.text().codePointCount(0, text.length()));
            boolean zeros = fill.text().equals("0");
            if (zeros && type != 's' && align == 0) {
                int digits = text.text().startsWith("-") || text.text().startsWith("+") ? 1 : 0;
                return text.substring(0, digits)
                        .concat(Strings.repeat(fill, missing))
                        .concat(text.substring(digits));
            }
            MarkedText padding = zeros && percent ? MarkedText.written(" ") : fill;
            long before = align == '<' ? 0 : align == '^' ? missing / 2 : missing;
            return Strings.repeat(padding, before).concat(text).concat(Strings.repeat(padding, missing - before));
        }

        private MarkedText signed(String digits) {
            return MarkedText.written(sign && !digits.startsWith("-") ? "+" + digits : digits);
        }

        private long integer(Value value, char type, boolean truncates) {
            Long integer = Operations.integer(value);
            if (integer == null && truncates && value instanceof Value.Real number) {
                integer = (long) number.value();
            }
            return integer == null ? wrong(value, type) : integer;
        }

        private double number(Value value, char type) {
            Double number = Operations.number(value);
            return number == null ? wrong(value, type) : number;
        }

        private long wrong(@Nullable Value value, char type) {
            Value given = Arguments.given(value);
            Operations.defined(evaluation, given);
            throw evaluation.problem("a format wants a number for '" + type + "', but gets " + given.type() + ".");
        }
    }
}
