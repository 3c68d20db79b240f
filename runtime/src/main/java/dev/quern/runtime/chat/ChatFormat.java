package dev.quern.runtime.chat;

import dev.quern.text.MarkedText;
import dev.quern.text.Tokenizer;
import dev.quern.text.TokenizerData;
import dev.quern.text.chat.ChatRequest;
import dev.quern.text.chat.ChatTemplate;
import java.util.List;
import java.util.Optional;

/**
 * How a model's conversations are written: its own chat template, or ChatML where it has none. Whatever asks a model,
 * from whichever host, makes its prompts here, so that the same messages give the same tokens everywhere.
 */
public final class ChatFormat {
    private static final String CHATML_END = "<|im_end|>";

    private final ChatTemplate template;
    private final boolean isOwn;
    private final Tokenizer tokenizer;

    private ChatFormat(ChatTemplate template, boolean isOwn, Tokenizer tokenizer) {
        this.template = template;
        this.isOwn = isOwn;
        this.tokenizer = tokenizer;
    }

    /**
     * The model's own format, or none where it carries no template.
     *
     * @throws dev.quern.text.chat.ChatTemplateException if its template cannot be read
     */
    public static Optional<ChatFormat> own(TokenizerData data, Tokenizer tokenizer) {
        String source = data.chatTemplate();
        return source == null
                ? Optional.empty()
                : Optional.of(new ChatFormat(ChatTemplate.parse(source), true, tokenizer));
    }

    /**
     * The model's own format, or ChatML where it carries no template.
     *
     * @throws dev.quern.text.chat.ChatTemplateException if its template cannot be read
     */
    public static ChatFormat of(TokenizerData data, Tokenizer tokenizer) {
        return own(data, tokenizer).orElseGet(() -> new ChatFormat(ChatTemplate.chatml(), false, tokenizer));
    }

    /** Whether the template is the model's own. */
    public boolean isOwn() {
        return isOwn;
    }

    /**
     * The prompt of a conversation, with the texts of the model's special tokens; variables of the request go before
     * them.
     *
     * @throws dev.quern.text.chat.ChatTemplateException if the template refuses the conversation or cannot be rendered
     */
    public MarkedText render(ChatRequest request) {
        return template.render(request.withTokens(tokenizer));
    }

    /** The tokens of a rendered prompt: control tokens are those that the template wrote. */
    public int[] encode(MarkedText prompt) {
        return tokenizer.encode(prompt, Tokenizer.Options.CHAT);
    }

    /**
     * Texts that end an answer besides the tokens that do: what ends a message of ChatML is no token of a model that
     * was not trained on it.
     */
    public List<String> stops() {
        return isOwn ? List.of() : List.of(CHATML_END);
    }
}
