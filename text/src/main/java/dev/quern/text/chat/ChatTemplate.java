package dev.quern.text.chat;

import dev.quern.text.MarkedText;
import java.util.List;
import java.util.Map;

/**
 * Writes a conversation as the text that a model was trained on. The template is what GGUF files carry as {@code
 * tokenizer.chat_template}, in the language Jinja as model publishers use it.
 *
 * <p>Immutable. The same request gives the same text. A template cannot hang or fill memory: rendering stops with
 * {@link ChatTemplateException.Kind#LIMIT} after 10 million steps (a step is an expression, a statement, or the
 * handling of 64 characters or 4 list items), at 2<sup>24</sup> characters in one string or in the output, at
 * 2<sup>20</sup> items in one list, 100,000 in a range, and where expressions, blocks and macro calls stand more than
 * 400 deep in each other.
 */
public final class ChatTemplate {
    private static final String CHATML = """
        {%- for message in messages -%}
        <|im_start|>{{ message.role }}
        {{ message.content or '' }}<|im_end|>
        {% endfor -%}
        {%- if add_generation_prompt -%}
        <|im_start|>assistant
        {% endif -%}
        """;

    private final Source source;
    private final List<Statement> statements;
    private final Roles roles;

    private ChatTemplate(Source source) {
        this.source = source;
        List<Token> tokens = Lexer.tokens(source);
        this.statements = List.copyOf(Parser.parse(source, tokens));
        this.roles = new Roles(tokens);
    }

    /**
     * Reads a template.
     *
     * @throws ChatTemplateException if it is no template, or uses a tag, filter or test that is not known here. A
     *     filter or test that stands under a condition is refused only when it is reached.
     */
    public static ChatTemplate parse(String source) {
        return new ChatTemplate(Source.of(source));
    }

    /**
     * ChatML, for models that were trained on it and carry no template. Which these are cannot be told from outside:
     * whoever renders with it must know.
     */
    public static ChatTemplate chatml() {
        return parse(CHATML);
    }

    /** The template's text, with line feeds as line ends and without the last of them. */
    public String source() {
        return source.text();
    }

    /**
     * The text of a conversation, with marks on what came from the request: contents, names, descriptions of tools,
     * documents and variables, and whatever the template makes of their characters. Roles are the template's words
     * where it knows them.
     *
     * @throws ChatTemplateException if the template refuses the conversation, cannot be computed, or exceeds a limit
     */
    public MarkedText render(ChatRequest request) {
        Evaluation evaluation = new Evaluation(source);
        Scope globals = new Scope(null);
        Globals.register(evaluation, globals, request.time());
        Scope context = new Scope(globals);
        context.set("messages", Conversion.messages(request.messages(), roles));
        context.set("tools", Conversion.optional("tools", request.tools()));
        context.set("documents", Conversion.optional("documents", request.documents()));
        context.set("add_generation_prompt", Value.of(request.addGenerationPrompt()));
        for (Map.Entry<String, String> token : request.tokens().entrySet()) {
            context.set(token.getKey(), Value.of(token.getValue()));
        }
        for (Map.Entry<String, ?> variable : request.variables().entrySet()) {
            context.set(variable.getKey(), Conversion.value(variable.getKey(), variable.getValue()));
        }
        return new Renderer(evaluation).render(statements, context);
    }
}
