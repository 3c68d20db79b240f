package dev.quern.browsercheck;

import dev.quern.text.chat.ChatMessage;
import dev.quern.text.chat.ChatRequest;
import dev.quern.text.chat.ChatTemplate;
import dev.quern.text.chat.ChatTime;
import java.util.List;
import java.util.Map;

/** Renders a conversation through a template. */
final class ChatCheck {
    private static final String TEMPLATE = """
        {%- for message in messages %}
            {{- '<|' ~ message.role ~ '|>' ~ message.content | trim | upper ~ 1.5 ~ strftime_now('%d %b %Y') }}
        {%- endfor %}
        {{- tools | tojson(indent=2) }}
        """;

    private ChatCheck() {}

    static String run() {
        ChatRequest request = ChatRequest.of(List.of(ChatMessage.of("user", " hello ")))
                .withTools(List.of(Map.of("name", "add")))
                .withTime(new ChatTime(2026, 1, 2, 3, 4, 5));
        return ChatTemplate.parse(TEMPLATE).render(request).text();
    }
}
