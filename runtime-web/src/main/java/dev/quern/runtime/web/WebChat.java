package dev.quern.runtime.web;

import dev.quern.plan.json.JsonValue;
import dev.quern.runtime.Engine;
import dev.quern.text.SpecialRole;
import dev.quern.text.TokenizerData;
import dev.quern.text.chat.ChatMessage;
import dev.quern.text.chat.ChatRequest;
import dev.quern.text.chat.ChatTemplate;
import dev.quern.text.chat.ChatTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chats as prompts, by the model's own template. */
final class WebChat {
    private WebChat() {}

    /**
     * The prompt that asks for the next message.
     *
     * @param messages a JSON array of objects with {@code role} and {@code content}
     * @throws IllegalArgumentException if the model has no template
     * @throws dev.quern.text.chat.ChatTemplateException if its template refuses the messages, or needs what is not known here
     */
    static String render(Engine engine, JsonValue messages) {
        TokenizerData tokenizer = engine.tokenizerData();
        String template = tokenizer.chatTemplate();
        if (template == null) {
            throw new IllegalArgumentException("The model "
                    + engine.manifest().model().name()
                    + " has no chat template: it continues text. Use completions instead.");
        }
        List<ChatMessage> chat = messages.list(message -> ChatMessage.of(
                message.field("role").text(), message.field("content").text()));
        var request = ChatRequest.of(chat)
                .withTokens(
                        text(tokenizer, SpecialRole.BEGIN_OF_SEQUENCE), text(tokenizer, SpecialRole.END_OF_SEQUENCE))
                .withTime(now());
        return ChatTemplate.parse(template).render(request);
    }

    private static @Nullable String text(TokenizerData tokenizer, SpecialRole role) {
        return tokenizer.special().has(role)
                ? tokenizer.vocabulary().text(tokenizer.special().id(role))
                : null;
    }

    private static ChatTime now() {
        int[] parts = new int[6];
        for (int index = 0; index < parts.length; index++) {
            parts[index] = Js.clock(index);
        }
        return new ChatTime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
    }
}
