package dev.quern.text.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a chat template is rendered with. What is null is undefined for the template.
 *
 * @param messages the conversation, oldest first
 * @param tools descriptions of functions that the model may call, as maps in the shape of JSON schema
 * @param addGenerationPrompt whether the text ends with what begins an answer
 * @param beginToken the text of the token that begins a sequence; templates call it {@code bos_token}
 * @param endToken the text of the token that ends a sequence; templates call it {@code eos_token}
 * @param time what {@code strftime_now} writes; without it that function is undefined, and templates that ask for it write a date of
 *     their own
 * @param variables further variables by name, such as {@code enable_thinking}; they go before all others
 */
public record ChatRequest(
        List<ChatMessage> messages,
        @Nullable List<?> tools,
        boolean addGenerationPrompt,
        @Nullable String beginToken,
        @Nullable String endToken,
        @Nullable ChatTime time,
        Map<String, @Nullable Object> variables) {
    /** A request of these parts. */
    public ChatRequest {
        messages = List.copyOf(messages);
        tools = tools == null ? null : Collections.unmodifiableList(new ArrayList<>(tools));
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }

    /** A conversation to which an answer is wanted. */
    public static ChatRequest of(List<ChatMessage> messages) {
        return new ChatRequest(messages, null, true, null, null, null, Map.of());
    }

    /** With tools. */
    public ChatRequest withTools(List<?> chosen) {
        return new ChatRequest(messages, chosen, addGenerationPrompt, beginToken, endToken, time, variables);
    }

    /** With or without the beginning of an answer at the end. */
    public ChatRequest withGenerationPrompt(boolean chosen) {
        return new ChatRequest(messages, tools, chosen, beginToken, endToken, time, variables);
    }

    /** With the texts of the tokens that begin and end a sequence. */
    public ChatRequest withTokens(@Nullable String begin, @Nullable String end) {
        return new ChatRequest(messages, tools, addGenerationPrompt, begin, end, time, variables);
    }

    /** With a date and a time of day. */
    public ChatRequest withTime(@Nullable ChatTime chosen) {
        return new ChatRequest(messages, tools, addGenerationPrompt, beginToken, endToken, chosen, variables);
    }

    /** With one more variable, or another value of it. */
    public ChatRequest withVariable(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(variables);
        more.put(name, value);
        return new ChatRequest(messages, tools, addGenerationPrompt, beginToken, endToken, time, more);
    }
}
