/**
 * Chat templates: a conversation becomes the prompt that a model was trained on.
 * {@link dev.quern.text.chat.ChatTemplate} reads the template that a model carries,
 * {@link dev.quern.text.chat.ChatRequest} says what to render it with.
 *
 * {@snippet :
 * ChatTemplate template = ChatTemplate.parse(source);
 * ChatRequest request = ChatRequest.of(List.of(ChatMessage.of("user", "Hello")))
 *         .withTokens(tokenizer)
 *         .withTime(new ChatTime(2026, 1, 2, 3, 4, 5));
 * MarkedText prompt = template.render(request);
 * int[] tokens = tokenizer.encode(prompt, Tokenizer.Options.CHAT);
 * }
 *
 * The prompt holds special tokens as text, the one that begins a sequence among them where the template writes it; so
 * it is encoded with special tokens parsed and no second beginning added. It says of every character whether the
 * template wrote it or the request gave it, and a control token is one only where the template wrote all of it: whoever
 * asks cannot end their own message and begin another.
 *
 * <h2>The language</h2>
 *
 * Jinja as the publishers of models use it: semantics of Python's values, blocks trimmed ({@code trim_blocks} and
 * {@code lstrip_blocks}), no escaping for HTML, values immutable but for {@code namespace()}. A template is read by
 * {@code Lexer}, {@code Parser} and {@code ExpressionParser} into {@code Statement}s and {@code Expression}s;
 * {@code Renderer} and {@code Evaluator} run them over {@code Value}s. What is not known is refused by its name.
 *
 * <h2>Marks</h2>
 *
 * A string that the request gave is marked as given ({@code Conversion}), and so is what becomes of its characters:
 * {@code dev.quern.text.MarkedText} carries the marks, {@code BoundedText} puts texts together with them. Whatever
 * makes a string of others takes their parts, marks included; where it cannot tell which character came of which, all
 * of it is given. Comparing and looking up know no marks, so a template does what it always did. The roles of messages
 * are the template's own words where it knows them ({@code Roles}).
 *
 * <h2>Adding a filter, test or method</h2>
 *
 * Filters stand in {@code Filters}, {@code NumberFilters}, {@code CollectionFilters} and {@code Selections}, tests in
 * {@code Tests}, methods in {@code TextMethods} and {@code Access}. Whatever makes text or lists says to
 * {@code Evaluation} how much, so that limits hold.
 */
@NullMarked
package dev.quern.text.chat;

import org.jspecify.annotations.NullMarked;
