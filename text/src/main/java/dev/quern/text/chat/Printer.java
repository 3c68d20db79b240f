package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as text: as Python's {@code str} prints them, and as its {@code repr} shows them within lists. */
final class Printer {
    private Printer() {}

    /** What {@code {{ value }}} prints. */
    static MarkedText print(Evaluation evaluation, Value value) {
        return switch (value) {
            case Value.Text text -> text.marked();
            case Value.Undefined ignored -> MarkedText.EMPTY;
            case Value.Int integer -> MarkedText.written(Long.toString(integer.value()));
            default -> show(evaluation, value);
        };
    }

    /** What a value looks like within a list. */
    static MarkedText show(Evaluation evaluation, Value value) {
        BoundedText out = new BoundedText(evaluation);
        show(evaluation, out, value);
        return out.marked();
    }

    private static void show(Evaluation evaluation, BoundedText out, Value value) {
        evaluation.enter();
        switch (value) {
            case Value.Nothing ignored -> out.append("None");
            case Value.Bool bool -> out.append(bool.value() ? "True" : "False");
            case Value.Int integer -> out.append(Long.toString(integer.value()));
            case Value.Real number -> out.append(Numbers.show(number.value()));
            case Value.Text text -> {
                out.append(text.markup() ? "Markup(" : "");
                quote(out, text.marked());
                out.append(text.markup() ? ")" : "");
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
                out.append("<Namespace ");
                entries(evaluation, out, namespace.attributes().entries().values());
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
    private static void quote(BoundedText out, MarkedText marked) {
        String text = marked.text();
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(String.valueOf(quote));
        int copied = 0;
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            int end = at + Character.charCount(codePoint);
            String escape = escape(codePoint, quote);
            if (escape != null) {
                out.append(marked, copied, at).appendFor(marked, at, end, escape);
                copied = end;
            }
            at = end;
        }
        out.append(marked, copied, text.length()).append(String.valueOf(quote));
    }

    /** How a character is written within quotes, null where it stands for itself. */
    private static @Nullable String escape(int codePoint, char quote) {
        return switch (codePoint) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\\' -> "\\\\";
            default -> {
                if (codePoint == quote) {
                    yield "\\" + quote;
                }
                if (Characters.isPrintable(codePoint)) {
                    yield null;
                }
                if (codePoint < 0x100) {
                    yield "\\x" + hexadecimal(codePoint, 2);
                }
                yield codePoint < 0x10000 ? "\\u" + hexadecimal(codePoint, 4) : "\\U" + hexadecimal(codePoint, 8);
            }
        };
    }

    /** A number in small hexadecimal digits, filled up with zeros. */
    static String hexadecimal(int number, int digits) {
        StringBuilder out = new StringBuilder(digits);
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            out.append("0123456789abcdef".charAt(number >> shift & 15));
        }
        return out.toString();
    }
}
