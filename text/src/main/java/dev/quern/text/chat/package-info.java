/**
 * Chat templates: a conversation becomes the prompt that a model was trained on. {@link dev.quern.text.chat.ChatTemplate} reads the
 * template that a model carries, {@link dev.quern.text.chat.ChatRequest} says what to render it with.
 *
 * {@snippet :
 * ChatTemplate template = ChatTemplate.parse(source);
 * ChatRequest request = ChatRequest.of(List.of(ChatMessage.of("user", "Hello")))
 *         .withTokens("<s>", "</s>")
 *         .withTime(new ChatTime(2026, 1, 2, 3, 4, 5));
 * String prompt = template.render(request);
 * }
 *
 * The prompt holds special tokens as text, the one that begins a sequence among them where the template writes it; it is to be encoded
 * with special tokens parsed and no second beginning added.
 *
 * <h2>The language</h2>
 *
 * Jinja as the publishers of models use it: semantics of Python's values, blocks trimmed ({@code trim_blocks} and {@code lstrip_blocks}),
 * no escaping for HTML, values immutable but for {@code namespace()}. A template is read by {@code Lexer}, {@code Parser} and {@code
 * ExpressionParser} into {@code Statement}s and {@code Expression}s; {@code Renderer} and {@code Evaluator} run them over {@code Value}s.
 * What is not known is refused by its name.
 *
 * <h2>Adding a filter, test or method</h2>
 *
 * Filters stand in {@code Filters}, {@code NumberFilters}, {@code CollectionFilters} and {@code Selections}, tests in {@code Tests},
 * methods in {@code TextMethods} and {@code Access}. Whatever makes text or lists says to {@code Evaluation} how much, so that limits
 * hold.
 */
@NullMarked
package dev.quern.text.chat;

import org.jspecify.annotations.NullMarked;
