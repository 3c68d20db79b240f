package dev.quern.runtime.web;

import dev.quern.runtime.Engine;
import dev.quern.runtime.chat.ChatFormat;
import dev.quern.text.chat.ChatRequest;
import dev.quern.text.chat.ChatTemplate;
import dev.quern.text.chat.ChatTemplateException;
import dev.quern.text.chat.ChatTime;
import java.util.Optional;

/** Chats as prompts, by the model's own template. */
final class WebChat {
    private WebChat() {}

    /**
     * The tokens of the prompt that asks for the next message. What the messages hold is text: control tokens are the
     * template's alone.
     *
     * @throws IllegalArgumentException if the model has no template
     * @throws ChatTemplateException if its template refuses the messages, or needs what is not
     *     known here
     */
    static int[] prompt(Engine engine, ChatRequest request) {
        ChatFormat format = ChatFormat.own(engine.tokenizerData(), engine.tokenizer())
                .orElseThrow(() -> new IllegalArgumentException(without(engine) + " Use completions instead."));
        return format.encode(format.render(request.withTime(now())));
    }

    /** Why chats cannot be put to a model: it has no template, or one that cannot be used. */
    static Optional<String> problem(Engine engine) {
        String template = engine.tokenizerData().chatTemplate();
        if (template == null) {
            return Optional.of(without(engine));
        }
        try {
            ChatTemplate.parse(template);
            return Optional.empty();
        } catch (ChatTemplateException problem) {
            return Optional.of("The chat template of this model cannot be used: " + problem.getMessage());
        }
    }

    private static String without(Engine engine) {
        return "The model " + engine.manifest().model().name() + " has no chat template: it continues text.";
    }

    private static ChatTime now() {
        int[] parts = new int[6];
        for (int index = 0; index < parts.length; index++) {
            parts[index] = Js.clock(index);
        }
        return new ChatTime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
    }
}
