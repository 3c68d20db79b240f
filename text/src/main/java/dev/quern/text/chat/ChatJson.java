package dev.quern.text.chat;

import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import dev.quern.text.JsonFault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Conversations in the JSON of OpenAI's interface. What a message has besides its role and content is kept as it
 * stands, in its order: templates know more fields than any interface.
 *
 * <ul>
 *   <li>{@code content} is a string, null, or a list of parts of text, which become one string;
 *   <li>{@code arguments} of a call of a tool are an object, or the text of one, which is read: templates want objects.
 *       Other text stays text.
 * </ul>
 *
 * <p>Every method throws {@link IllegalArgumentException} with a sentence for people that names the place.
 */
public final class ChatJson {
    private static final String MESSAGES = "messages";
    private static final String TOOLS = "tools";

    /** As deep as values of templates go. */
    private static final int DEPTH = 100;

    private ChatJson() {}

    /**
     * A conversation: a list of messages, or an object with {@code messages} as it is sent to a server, of which
     * {@code tools} and {@code chat_template_kwargs} are heeded too.
     *
     * @param document its name in messages
     */
    public static ChatRequest request(String document, String json) {
        Object value = parse(document, json);
        if (value instanceof List<?> list) {
            return ChatRequest.of(messages(document, list));
        }
        Map<String, @Nullable Object> object = object(document, value, "a list of messages, or an object with them,");
        if (!object.containsKey(MESSAGES)) {
            throw new IllegalArgumentException(document + " has no \"messages\".");
        }
        String place = document + ": " + MESSAGES;
        ChatRequest request = ChatRequest.of(messages(place, list(place, object.get(MESSAGES))));
        if (object.get(TOOLS) != null) {
            request = request.withTools(list(document + ": tools", object.get(TOOLS)));
        }
        if (object.get("chat_template_kwargs") != null) {
            String variables = document + ": chat_template_kwargs";
            request = withVariables(request, object(variables, object.get("chat_template_kwargs"), "an object"));
        }
        return request;
    }

    /** Descriptions of tools: a list, or an object with {@code tools}. */
    public static List<?> tools(String document, String json) {
        Object value = parse(document, json);
        return list(document, value instanceof Map<?, ?> map && map.containsKey(TOOLS) ? map.get(TOOLS) : value);
    }

    /** A request with the fields of an object as further variables. */
    public static ChatRequest withVariables(ChatRequest request, String document, String json) {
        return withVariables(request, object(document, parse(document, json), "an object of variables"));
    }

    private static ChatRequest withVariables(ChatRequest request, Map<String, @Nullable Object> variables) {
        ChatRequest all = request;
        for (Map.Entry<String, @Nullable Object> variable : variables.entrySet()) {
            all = all.withVariable(variable.getKey(), variable.getValue());
        }
        return all;
    }

    private static List<ChatMessage> messages(String place, List<?> list) {
        List<ChatMessage> messages = new ArrayList<>(list.size());
        for (Object item : list) {
            messages.add(message(place + "[" + messages.size() + "]", item));
        }
        return messages;
    }

    private static ChatMessage message(String place, @Nullable Object value) {
        Map<String, @Nullable Object> fields = object(place, value, "an object with role and content");
        if (!(fields.get("role") instanceof String)) {
            throw wrong(place, fields, "role", "a string");
        }
        Map<String, @Nullable Object> message = new LinkedHashMap<>(fields);
        if (fields.containsKey("content")) {
            message.put("content", content(place + ".content", fields.get("content")));
        }
        if (fields.get("tool_calls") != null) {
            message.put("tool_calls", calls(place + ".tool_calls", fields.get("tool_calls")));
        }
        return new ChatMessage(message);
    }

    private static @Nullable String content(String place, @Nullable Object value) {
        if (value == null || value instanceof String) {
            return (String) value;
        }
        if (!(value instanceof List<?> parts)) {
            throw wrong(place, value, "a string, null or a list of parts");
        }
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < parts.size(); index++) {
            String where = place + "[" + index + "]";
            Map<String, @Nullable Object> part = object(where, parts.get(index), "an object with type and text");
            if (!"text".equals(part.get("type"))) {
                throw wrong(where, part, "type", "\"text\", the one kind of part that is read here,");
            }
            if (!(part.get("text") instanceof String more)) {
                throw wrong(where, part, "text", "a string");
            }
            text.append(more);
        }
        return text.toString();
    }

    private static List<@Nullable Object> calls(String place, @Nullable Object value) {
        List<@Nullable Object> calls = new ArrayList<>();
        for (Object item : list(place, value)) {
            String where = place + "[" + calls.size() + "]";
            Map<String, @Nullable Object> call = new LinkedHashMap<>(object(where, item, "an object"));
            if (call.get("function") instanceof Map<?, ?>) {
                String inner = where + ".function";
                call.put("function", withArgumentsRead(object(inner, call.get("function"), "an object")));
            }
            calls.add(withArgumentsRead(call));
        }
        return calls;
    }

    private static Map<String, @Nullable Object> withArgumentsRead(Map<String, @Nullable Object> function) {
        if (!(function.get("arguments") instanceof String text) || isDeep(text)) {
            return function;
        }
        Map<String, @Nullable Object> read = new LinkedHashMap<>(function);
        try {
            Map<String, @Nullable Object> arguments =
                    new LinkedHashMap<>(JsonParser.object().from(text));
            requireCharacters("the arguments", arguments);
            read.put("arguments", arguments);
        } catch (JsonParserException | IllegalArgumentException problem) {
            // What a model wrote need not be JSON; a template may still show it.
            return function;
        }
        return read;
    }

    private static @Nullable Object parse(String document, String json) {
        if (isDeep(json)) {
            throw new IllegalArgumentException(
                    document + " has lists and objects more than " + DEPTH + " deep in each other.");
        }
        try {
            Object value = JsonParser.any().from(json);
            requireCharacters(document, value);
            return value;
        } catch (JsonParserException problem) {
            throw new IllegalArgumentException(document + " is not JSON: " + JsonFault.of(json, problem) + ".");
        }
    }

    /**
     * Refuses half a character, which an escape such as {@code \\ud83d} alone spells. No UTF-8 and so no token has it,
     * and what would stand in its place is not what was meant. Other readers of JSON before models refuse it as well.
     */
    private static void requireCharacters(String place, @Nullable Object value) {
        switch (value) {
            case String text -> {
                int half = half(text);
                if (half >= 0) {
                    throw new IllegalArgumentException(place + " holds half of a character, \\u"
                            + Integer.toHexString(text.charAt(half)) + " alone, at position " + (half + 1)
                            + "; both halves are expected, or neither.");
                }
            }
            case List<?> list -> {
                for (int index = 0; index < list.size(); index++) {
                    requireCharacters(place + "[" + index + "]", list.get(index));
                }
            }
            case Map<?, ?> map -> {
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    requireCharacters("a name in " + place, entry.getKey());
                    requireCharacters(within(place, String.valueOf(entry.getKey())), entry.getValue());
                }
            }
            case null, default -> {}
        }
    }

    /** Where a surrogate stands whose other half is missing; -1 where none does. */
    private static int half(String text) {
        int at = 0;
        while (at < text.length()) {
            boolean surrogate = Character.isSurrogate(text.charAt(at));
            if (surrogate
                    && (at + 1 == text.length() || !Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1)))) {
                return at;
            }
            at += surrogate ? 2 : 1;
        }
        return -1;
    }

    /** The place of a field: behind the name of the document, and behind another field. */
    private static String within(String place, String name) {
        return place + (place.endsWith("]") || place.contains(": ") ? "." : ": ") + name;
    }

    /** Whether brackets stand so deep in each other that a parser's stack could end. */
    private static boolean isDeep(String json) {
        int depth = 0;
        boolean quoted = false;
        for (int at = 0; at < json.length() && depth <= DEPTH; at++) {
            switch (json.charAt(at)) {
                case '"' -> quoted = !quoted;
                case '\\' -> at += quoted ? 1 : 0;
                case '[', '{' -> depth += quoted ? 0 : 1;
                case ']', '}' -> depth -= quoted ? 0 : 1;
                default -> {}
            }
        }
        return depth > DEPTH;
    }

    private static List<?> list(String place, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw wrong(place, value, "a list");
    }

    private static Map<String, @Nullable Object> object(String place, @Nullable Object value, String expected) {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(place, value, expected);
        }
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            object.put((String) entry.getKey(), entry.getValue());
        }
        return object;
    }

    private static IllegalArgumentException wrong(
            String place, Map<String, @Nullable Object> fields, String name, String expected) {
        return fields.containsKey(name)
                ? wrong(place + "." + name, fields.get(name), expected)
                : new IllegalArgumentException(place + " has no \"" + name + "\"; " + expected + " is expected.");
    }

    private static IllegalArgumentException wrong(String place, @Nullable Object found, String expected) {
        String what = switch (found) {
            case null -> "null";
            case String text -> "\"" + (text.length() <= 40 ? text : text.substring(0, 40) + "…") + "\"";
            case List<?> list -> "a list";
            case Map<?, ?> map -> "an object";
            // Not any object's text: that would bring the text of every class into the browser.
            case Number number -> number.toString();
            default -> Boolean.TRUE.equals(found) ? "true" : "false";
        };
        return new IllegalArgumentException(place + " is " + what + "; " + expected + " is expected.");
    }
}
