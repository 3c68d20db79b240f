package dev.quern.text.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation: {@code role}, {@code content} and whatever else its template knows, such as
 * {@code tool_calls}, {@code tool_call_id}, {@code name} or {@code reasoning_content}.
 *
 * @param fields by name, in the order in which a template sees them. Values are null, booleans, numbers, strings, and
 *     lists and maps of these. Most templates want the arguments of tool calls as maps, not as JSON text.
 */
public record ChatMessage(Map<String, @Nullable Object> fields) {
    /** A message of these fields. */
    public ChatMessage {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** A message of a role ({@code system}, {@code user}, {@code assistant}, {@code tool} …) with text. */
    public static ChatMessage of(String role, @Nullable String content) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("role", role);
        fields.put("content", content);
        return new ChatMessage(fields);
    }

    /** The same message with one more field, or another value of it. */
    public ChatMessage with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new ChatMessage(more);
    }
}
