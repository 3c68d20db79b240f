package dev.quern.text.chat;

import java.util.List;
import java.util.Map;

/** Values as text: as Python's {@code str} prints them, and as its {@code repr} shows them within lists. */
final class Printer {
    private Printer() {}

    /** What {@code {{ value }}} prints. */
    static String print(Evaluation evaluation, Value value) {
        return switch (value) {
            case Value.Text text -> text.text();
            case Value.Undefined ignored -> "";
            case Value.Int integer -> Long.toString(integer.value());
            default -> {
                BoundedText out = new BoundedText(evaluation);
                show(evaluation, out, value);
                yield out.toString();
            }
        };
    }

    /** What a value looks like within a list. */
    static String show(Evaluation evaluation, Value value) {
        BoundedText out = new BoundedText(evaluation);
        show(evaluation, out, value);
        return out.toString();
    }

    private static void show(Evaluation evaluation, BoundedText out, Value value) {
        evaluation.enter();
        switch (value) {
            case Value.Nothing ignored -> out.append("None");
            case Value.Bool bool -> out.append(bool.value() ? "True" : "False");
            case Value.Int integer -> out.append(Long.toString(integer.value()));
            case Value.Real number -> out.append(Numbers.show(number.value()));
            case Value.Text text -> {
                String quoted = quoted(text.text());
                out.append(text.markup() ? "Markup(" + quoted + ")" : quoted);
            }
            case Value.ListValue list -> items(evaluation, out, "[", list.items(), "]");
            case Value.Tuple tuple ->
                items(evaluation, out, "(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")");
            case Value.Dict dict -> entries(evaluation, out, dict.entries().values());
            case Value.View view -> items(evaluation, out, view.name() + "([", view.items(), "])");
            case Value.Range range -> {
                String step = range.step() == 1 ? "" : ", " + range.step();
                out.append("range(" + range.start() + ", " + range.stop() + step + ")");
            }
            case Value.Generator ignored -> out.append("<generator object>");
            case Value.Namespace namespace -> {
                Value.Dict attributes = new Value.Dict();
                namespace.attributes().forEach(attributes::put);
                out.append("<Namespace ");
                entries(evaluation, out, attributes.entries().values());
                out.append(">");
            }
            case Value.Undefined ignored -> out.append("Undefined");
            case Value.Function function -> out.append("<function " + function.name() + ">");
            case Value.Loop ignored -> out.append("<LoopContext>");
        }
        evaluation.leave();
    }

    private static void items(Evaluation evaluation, BoundedText out, String open, List<Value> items, String close) {
        out.append(open);
        for (int index = 0; index < items.size(); index++) {
            if (index > 0) {
                out.append(", ");
            }
            show(evaluation, out, items.get(index));
        }
        out.append(close);
    }

    private static void entries(Evaluation evaluation, BoundedText out, Iterable<Map.Entry<Value, Value>> entries) {
        out.append("{");
        boolean first = true;
        for (Map.Entry<Value, Value> entry : entries) {
            if (!first) {
                out.append(", ");
            }
            first = false;
            show(evaluation, out, entry.getKey());
            out.append(": ");
            show(evaluation, out, entry.getValue());
        }
        out.append("}");
    }

    /** In single quotes, or in double ones where the text has single ones only. */
    private static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder shown = new StringBuilder(text.length() + 2).append(quote);
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            switch (codePoint) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                case '\\' -> shown.append("\\\\");
                default -> {
                    if (codePoint == quote) {
                        shown.append('\\').append(quote);
                    } else if (Characters.isPrintable(codePoint)) {
                        shown.appendCodePoint(codePoint);
                    } else if (codePoint < 0x100) {
                        hexadecimal(shown.append("\\x"), codePoint, 2);
                    } else if (codePoint < 0x10000) {
                        hexadecimal(shown.append("\\u"), codePoint, 4);
                    } else {
                        hexadecimal(shown.append("\\U"), codePoint, 8);
                    }
                }
            }
        }
        return shown.append(quote).toString();
    }

    /** A number in small hexadecimal digits, filled up with zeros. */
    static void hexadecimal(StringBuilder out, int number, int digits) {
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            out.append("0123456789abcdef".charAt(number >> shift & 15));
        }
    }
}
