package dev.quern.text.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The filter {@code tojson} as chat templates expect it: Python's {@code json.dumps} without escapes for HTML. */
final class JsonText {
    private final Evaluation evaluation;
    private final boolean ascii;
    private final @Nullable String indent;
    private final String between;
    private final String colon;
    private final boolean sorted;
    private final BoundedText out;

    private JsonText(
            Evaluation evaluation,
            boolean ascii,
            @Nullable String indent,
            String between,
            String colon,
            boolean sorted) {
        this.evaluation = evaluation;
        this.ascii = ascii;
        this.indent = indent;
        this.between = between;
        this.colon = colon;
        this.sorted = sorted;
        this.out = new BoundedText(evaluation);
    }

    static Value filter(Evaluation evaluation, Value value, Arguments arguments) {
        @Nullable
        Value[] given = arguments.bind("the filter 'tojson'", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        String indent = null;
        if (given[1] instanceof Value.Text text) {
            indent = text.text();
        } else if (given[1] != null && !(given[1] instanceof Value.Nothing)) {
            indent = Strings.repeat(" ", Math.min(1000, arguments.integer("indent", given[1], 0)));
        }
        String between = indent == null ? ", " : ",";
        String colon = ": ";
        if (given[2] != null && !(given[2] instanceof Value.Nothing)) {
            List<Value> separators = Sequences.items(evaluation, given[2]);
            if (separators.size() != 2
                    || !(separators.get(0) instanceof Value.Text comma)
                    || !(separators.get(1) instanceof Value.Text after)) {
                throw evaluation.problem("'separators' of 'tojson' must be two strings.");
            }
            between = comma.text();
            colon = after.text();
        }
        JsonText json = new JsonText(
                evaluation,
                given[0] != null && Operations.truth(given[0]),
                indent,
                between,
                colon,
                given[3] != null && Operations.truth(given[3]));
        json.write(value, 0);
        return Value.of(json.out.toString());
    }

    private void write(Value value, int level) {
        evaluation.enter();
        switch (value) {
            case Value.Text text -> string(text.text());
            case Value.ListValue list -> list(list.items(), level);
            case Value.Tuple tuple -> list(tuple.items(), level);
            case Value.Dict dict -> dict(dict, level);
            case Value.Nothing ignored -> out.append("null");
            case Value.Bool bool -> out.append(bool.value() ? "true" : "false");
            case Value.Int integer -> out.append(Long.toString(integer.value()));
            case Value.Real number -> out.append(number(number.value()));
            case Value.Undefined undefined ->
                throw evaluation.problem(
                        "'tojson' cannot write a value that is undefined: " + undefined.message() + ".");
            default -> throw evaluation.problem("'tojson' cannot write " + value.type() + ".");
        }
        evaluation.leave();
    }

    private static String number(double value) {
        return Double.isNaN(value)
                ? "NaN"
                : Double.isInfinite(value) ? value > 0 ? "Infinity" : "-Infinity" : Numbers.show(value);
    }

    private void list(List<Value> items, int level) {
        if (items.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append("[");
        for (int index = 0; index < items.size(); index++) {
            if (index > 0) {
                out.append(between);
            }
            line(level + 1);
            write(items.get(index), level + 1);
        }
        line(level);
        out.append("]");
    }

    private void dict(Value.Dict dict, int level) {
        if (dict.size() == 0) {
            out.append("{}");
            return;
        }
        List<Map.Entry<Value, Value>> entries = new ArrayList<>(dict.entries().values());
        if (sorted) {
            entries.sort((a, b) -> Operations.compare(evaluation, "<", a.getKey(), b.getKey()));
        }
        out.append("{");
        boolean first = true;
        for (Map.Entry<Value, Value> entry : entries) {
            if (!first) {
                out.append(between);
            }
            first = false;
            line(level + 1);
            string(key(entry.getKey()));
            out.append(colon);
            write(entry.getValue(), level + 1);
        }
        line(level);
        out.append("}");
    }

    private String key(Value key) {
        return switch (key) {
            case Value.Text text -> text.text();
            case Value.Int integer -> Long.toString(integer.value());
            case Value.Bool bool -> bool.value() ? "true" : "false";
            case Value.Nothing ignored -> "null";
            case Value.Real number -> number(number.value());
            default -> throw evaluation.problem("'tojson' cannot write " + key.type() + " as the key of an object.");
        };
    }

    private void line(int level) {
        if (indent != null) {
            out.append("\n");
            for (int count = 0; count < level; count++) {
                out.append(indent);
            }
        }
    }

    private void string(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            switch (unit) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                default -> {
                    if (unit < 0x20 || (ascii && unit > 0x7f)) {
                        Printer.hexadecimal(quoted.append("\\u"), unit, 4);
                    } else {
                        quoted.append(unit);
                    }
                }
            }
        }
        out.append(quoted.append('"').toString());
    }
}
