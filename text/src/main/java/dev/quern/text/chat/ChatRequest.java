package dev.quern.text.chat;

import dev.quern.text.SpecialRole;
import dev.quern.text.Tokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a chat template is rendered with.
 *
 * @param messages the conversation, oldest first
 * @param tools descriptions of functions that the model may call, as maps in the shape of JSON schema; null is
 *     {@code none} for the template
 * @param documents texts that the answer may draw from, in the form that the template knows, mostly maps with
 *     {@code title} and {@code text}; null is {@code none} for the template
 * @param addGenerationPrompt whether the text ends with what begins an answer
 * @param tokens texts of the model's special tokens by the names that templates call them, such as {@code bos_token};
 *     those that are not here are undefined
 * @param time what {@code strftime_now} writes; without it that function is undefined, and templates that ask for it
 *     write a date of their own
 * @param variables further variables by name, such as {@code enable_thinking}; they go before all others. As all that
 *     the request gives they are text: a control token in them is none
 */
public record ChatRequest(
        List<ChatMessage> messages,
        @Nullable List<?> tools,
        @Nullable List<?> documents,
        boolean addGenerationPrompt,
        Map<String, String> tokens,
        @Nullable ChatTime time,
        Map<String, @Nullable Object> variables) {
    private static final String BEGIN = "bos_token";
    private static final String END = "eos_token";

    /** A request of these parts. */
    public ChatRequest {
        messages = List.copyOf(messages);
        tools = tools == null ? null : Collections.unmodifiableList(new ArrayList<>(tools));
        documents = documents == null ? null : Collections.unmodifiableList(new ArrayList<>(documents));
        tokens = Collections.unmodifiableMap(new LinkedHashMap<>(tokens));
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }

    /** A conversation to which an answer is wanted. */
    public static ChatRequest of(List<ChatMessage> messages) {
        return new ChatRequest(messages, null, null, true, Map.of(), null, Map.of());
    }

    /** With tools. */
    public ChatRequest withTools(List<?> chosen) {
        return new ChatRequest(messages, chosen, documents, addGenerationPrompt, tokens, time, variables);
    }

    /** With documents. */
    public ChatRequest withDocuments(List<?> chosen) {
        return new ChatRequest(messages, tools, chosen, addGenerationPrompt, tokens, time, variables);
    }

    /** With or without the beginning of an answer at the end. */
    public ChatRequest withGenerationPrompt(boolean chosen) {
        return new ChatRequest(messages, tools, documents, chosen, tokens, time, variables);
    }

    /** With the texts of the tokens that begin and end a sequence, and of no others. */
    public ChatRequest withTokens(@Nullable String begin, @Nullable String end) {
        Map<String, String> chosen = new LinkedHashMap<>();
        if (begin != null) {
            chosen.put(BEGIN, begin);
        }
        if (end != null) {
            chosen.put(END, end);
        }
        return withTokens(chosen);
    }

    /**
     * With the texts of the special tokens that a tokenizer has: those of the file, and those of its kind where the
     * file is silent.
     */
    public ChatRequest withTokens(Tokenizer tokenizer) {
        Map<String, String> chosen = new LinkedHashMap<>();
        for (SpecialRole role : SpecialRole.values()) {
            String name = name(role);
            String text = tokenizer.specialText(role);
            if (name != null && text != null) {
                chosen.put(name, text);
            }
        }
        return withTokens(chosen);
    }

    private ChatRequest withTokens(Map<String, String> chosen) {
        return new ChatRequest(messages, tools, documents, addGenerationPrompt, chosen, time, variables);
    }

    /** What templates call the token of a role, null where they have no name for it. */
    private static @Nullable String name(SpecialRole role) {
        return switch (role) {
            case BEGIN_OF_SEQUENCE -> BEGIN;
            case END_OF_SEQUENCE -> END;
            case UNKNOWN -> "unk_token";
            case SEPARATOR -> "sep_token";
            case PADDING -> "pad_token";
            case CLASSIFICATION -> "cls_token";
            case MASK -> "mask_token";
            case END_OF_TURN,
                    END_OF_MESSAGE,
                    FILL_PREFIX,
                    FILL_SUFFIX,
                    FILL_MIDDLE,
                    FILL_PADDING,
                    FILL_REPOSITORY,
                    FILL_SEPARATOR -> null;
        };
    }

    /** With a date and a time of day. */
    public ChatRequest withTime(@Nullable ChatTime chosen) {
        return new ChatRequest(messages, tools, documents, addGenerationPrompt, tokens, chosen, variables);
    }

    /** With one more variable, or another value of it. */
    public ChatRequest withVariable(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(variables);
        more.put(name, value);
        return new ChatRequest(messages, tools, documents, addGenerationPrompt, tokens, time, more);
    }
}
