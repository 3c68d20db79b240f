package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The filter {@code tojson} as chat templates expect it: Python's {@code json.dumps} without escapes for HTML. */
final class JsonText {
    private final Evaluation evaluation;
    private final boolean ascii;
    private final @Nullable MarkedText indent;
    private final MarkedText between;
    private final MarkedText colon;
    private final boolean sorted;
    private final BoundedText out;

    private JsonText(
            Evaluation evaluation,
            boolean ascii,
            @Nullable MarkedText indent,
            MarkedText between,
            MarkedText colon,
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
        MarkedText indent = null;
        if (given[1] instanceof Value.Text text) {
            indent = text.marked();
        } else if (given[1] != null && !(given[1] instanceof Value.Nothing)) {
            indent = MarkedText.written(Strings.repeat(" ", Math.min(1000, arguments.integer("indent", given[1], 0))));
        }
        MarkedText between = MarkedText.written(indent == null ? ", " : ",");
        MarkedText colon = MarkedText.written(": ");
        if (given[2] != null && !(given[2] instanceof Value.Nothing)) {
            List<Value> separators = Sequences.items(evaluation, given[2]);
            if (separators.size() != 2
                    || !(separators.get(0) instanceof Value.Text comma)
                    || !(separators.get(1) instanceof Value.Text after)) {
                throw evaluation.problem("'separators' of 'tojson' must be two strings.");
            }
            between = comma.marked();
            colon = after.marked();
        }
        JsonText json = new JsonText(
                evaluation,
                given[0] != null && Operations.truth(given[0]),
                indent,
                between,
                colon,
                given[3] != null && Operations.truth(given[3]));
        json.write(value, 0);
        return Value.of(json.out.marked());
    }

    private void write(Value value, int level) {
        evaluation.enter();
        switch (value) {
            case Value.Text text -> string(text.marked());
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

    private MarkedText key(Value key) {
        return switch (key) {
            case Value.Text text -> text.marked();
            case Value.Int integer -> MarkedText.written(Long.toString(integer.value()));
            case Value.Bool bool -> MarkedText.written(bool.value() ? "true" : "false");
            case Value.Nothing ignored -> MarkedText.written("null");
            case Value.Real number -> MarkedText.written(number(number.value()));
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

    private void string(MarkedText marked) {
        String text = marked.text();
        out.append("\"");
        int copied = 0;
        for (int at = 0; at < text.length(); at++) {
            String escape = escape(text.charAt(at));
            if (escape != null) {
                out.append(marked, copied, at).appendFor(marked, at, at + 1, escape);
                copied = at + 1;
            }
        }
        out.append(marked, copied, text.length()).append("\"");
    }

    /** How a UTF-16 unit is written within quotes, null where it stands for itself. */
    private @Nullable String escape(char unit) {
        return switch (unit) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            default -> unit < 0x20 || (ascii && unit > 0x7e) ? "\\u" + Printer.hexadecimal(unit, 4) : null;
        };
    }
}
