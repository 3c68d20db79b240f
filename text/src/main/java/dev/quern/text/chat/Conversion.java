package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes values of what a request holds: all its strings are marked as given, but for roles that the template knows. */
final class Conversion {
    private static final int DEPTH = 100;

    private Conversion() {}

    static Value value(String where, @Nullable Object object) {
        return value(where, object, 0);
    }

    /** What a request need not give. */
    static Value optional(String where, @Nullable List<?> list) {
        return list == null ? Value.Nothing.NOT_GIVEN : value(where, list);
    }

    static Value messages(List<ChatMessage> messages, Roles roles) {
        List<Value> values = new ArrayList<>(messages.size());
        for (ChatMessage message : messages) {
            var fields = new Value.Dict("messages[" + values.size() + "]");
            fields.putAll(dict("messages", message.fields(), 2));
            if (message.fields().get("role") instanceof String role && roles.knows(role)) {
                fields.put("role", Value.of(role));
            }
            values.add(fields);
        }
        return Value.list(values);
    }

    private static Value.Text given(String text) {
        return new Value.Text(MarkedText.given(text), false);
    }

    private static Value value(String where, @Nullable Object object, int depth) {
        if (depth > DEPTH) {
            throw ChatTemplateException.ofRequest("\"" + where + "\" has lists and maps more than " + DEPTH + " deep.");
        }
        return switch (object) {
            case null -> Values.NONE;
            case Boolean bool -> Value.of(bool);
            case String text -> given(text);
            case Integer integer -> Value.of(integer.longValue());
            case Long integer -> Value.of(integer);
            case Short integer -> Value.of(integer.longValue());
            case Byte integer -> Value.of(integer.longValue());
            case Double number -> new Value.Real(number);
            case Float number -> new Value.Real(number.doubleValue());
            case BigDecimal number -> new Value.Real(number.doubleValue());
            case BigInteger integer -> {
                if (integer.bitLength() > 63) {
                    throw ChatTemplateException.ofRequest(
                            "\"" + where + "\" has the integer " + integer + ", which has more than 64 bits.");
                }
                yield Value.of(integer.longValue());
            }
            case List<?> list -> {
                List<Value> items = new ArrayList<>(list.size());
                for (Object item : list) {
                    items.add(value(where, item, depth + 1));
                }
                yield Value.list(items);
            }
            case Map<?, ?> map -> dict(where, map, depth + 1);
            // Without the object's own text: that would bring the text of every class into the browser.
            default ->
                throw ChatTemplateException.ofRequest(
                        "\"" + where + "\" holds what is neither null, boolean, number, string, list nor map.");
        };
    }

    private static Value.Dict dict(String where, Map<?, ?> map, int depth) {
        Value.Dict dict = new Value.Dict();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw ChatTemplateException.ofRequest("\"" + where + "\" has a map with a key that is no string.");
            }
            dict.put(name, given(name), value(where, entry.getValue(), depth));
        }
        return dict;
    }
}
