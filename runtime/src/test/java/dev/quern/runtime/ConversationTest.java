package dev.quern.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.plan.SmallPlan;
import dev.quern.runtime.chat.Answer;
import dev.quern.runtime.chat.AnswerSettings;
import dev.quern.runtime.chat.ChatFormat;
import dev.quern.runtime.chat.Conversation;
import dev.quern.text.Sampling;
import dev.quern.text.TokenizerData;
import dev.quern.text.chat.ChatMessage;
import dev.quern.text.chat.ChatRequest;
import dev.quern.text.chat.ChatTemplateException;
import dev.quern.text.chat.ChatTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Conversations on {@link SmallModel}, whose answers tell whether it read what it should. */
class ConversationTest {
    private static final AnswerSettings FOUR = new AnswerSettings(4, Sampling.GREEDY, List.of());

    /** Contents one after the other; refuses a message of the user that says "no". */
    private static final String TEMPLATE = """
            {%- for message in messages -%}
            {%- if message.content == "no" %}{{ raise_exception("not that") }}{% endif -%}
            {{ message.content }}
            {%- endfor -%}
            """;

    private final SmallModel model = new SmallModel(false);
    private final Engine engine = SmallModel.engine(new RecordingGpu(model));
    private final ChatFormat format = ChatFormat.of(withTemplate(engine.tokenizerData()), engine.tokenizer());
    private final Conversation conversation =
            new Conversation(engine.session(), format, SmallPlan.CONTEXT, () -> new ChatTime(2026, 1, 2, 3, 4, 5));

    private static boolean never() {
        return false;
    }

    private static TokenizerData withTemplate(TokenizerData data) {
        return new TokenizerData(
                data.model(),
                data.pre(),
                data.vocabulary(),
                data.merges(),
                data.special(),
                data.addBos(),
                data.addEos(),
                false,
                TEMPLATE,
                data.modelName());
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private Answer ask(String text) {
        return conversation.ask(text, FOUR, ConversationTest::never, more -> {});
    }

    /** What the model says to these messages, with no states from before. */
    private String expected(List<ChatMessage> messages, int count) {
        List<Integer> all = new ArrayList<>(Arrays.stream(format.encode(format.render(ChatRequest.of(messages))))
                .boxed()
                .toList());
        var text = new StringBuilder();
        for (int index = 0; index < count; index++) {
            int next = model.next(all);
            all.add(next);
            text.append((char) ('a' + next - 3));
        }
        return text.toString();
    }

    private static List<ChatMessage> messages(String... contents) {
        List<ChatMessage> messages = new ArrayList<>();
        for (String content : contents) {
            messages.add(ChatMessage.of(messages.size() % 2 == 0 ? "user" : "assistant", content));
        }
        return messages;
    }

    @Test
    void aTurnReadsItsOwnTokensAndNoMore() {
        Answer first = ask("abc");
        assertEquals(expected(messages("abc"), 4), first.text());
        assertEquals(0, first.statistics().reusedTokens());
        int before = first.statistics().promptTokens();
        Answer second = ask("de");
        assertEquals(expected(messages("abc", first.text(), "de"), 4), second.text());
        assertEquals(before + 4 + 2, second.statistics().promptTokens());
        // The last token that was generated was never read: it is, with the two of the new message.
        assertEquals(before + 3, second.statistics().reusedTokens());
        assertEquals(before + 4 + 2 + 4, conversation.tokens());
    }

    @Test
    void aFullContextGoesOnWithoutTheOldestTurns() {
        conversation.setSystem("zz");
        List<Integer> leftOut = new ArrayList<>();
        for (int turn = 0; turn < 8; turn++) {
            Answer answer = ask("ab");
            assertTrue(answer.kept());
            assertEquals(StopReason.MAX_TOKENS, answer.reason());
            assertTrue(answer.statistics().promptTokens() + 4 <= SmallPlan.CONTEXT, answer::toString);
            leftOut.add(answer.leftOut());
            List<ChatMessage> all = conversation.messages();
            List<ChatMessage> seen = new ArrayList<>(List.of(all.getFirst()));
            seen.addAll(all.subList(1 + conversation.leftOut(), all.size() - 1));
            assertEquals(expected(seen, 4), answer.text());
        }
        assertEquals(1 + 2 * 8, conversation.messages().size());
        assertEquals(List.of("zz"), conversation.system());
        assertTrue(leftOut.stream().anyMatch(count -> count > 2), "several turns go at once: " + leftOut);
        assertTrue(leftOut.stream().anyMatch(count -> count == 0), leftOut::toString);
        assertEquals(
                conversation.leftOut(),
                leftOut.stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void whatFailsLeavesTheMessagesAsTheyWere() {
        Answer first = ask("abc");
        List<ChatMessage> before = conversation.messages();
        assertThrows(PromptTooLongException.class, () -> ask("x".repeat(SmallPlan.CONTEXT + 1)));
        assertThrows(ChatTemplateException.class, () -> ask("no"));
        assertEquals(before, conversation.messages());
        assertEquals(0, conversation.leftOut());
        assertEquals(expected(messages("abc", first.text(), "d"), 4), ask("d").text());
    }

    @Test
    void anAnswerThatIsInterruptedIsKeptAsFarAsItCame() {
        Answer nothing = conversation.ask("abc", FOUR, () -> true, more -> {});
        assertEquals("", nothing.text());
        assertFalse(nothing.kept());
        assertEquals(List.of(), conversation.messages());
        var begun = new boolean[1];
        Answer part = conversation.ask(
                "abc", new AnswerSettings(20, Sampling.GREEDY, List.of()), () -> begun[0], more -> begun[0] = true);
        assertTrue(part.kept());
        assertEquals(StopReason.INTERRUPTED, part.reason());
        assertEquals(messages("abc", part.text()), conversation.messages());
        assertEquals(expected(messages("abc", part.text(), "d"), 4), ask("d").text());
    }

    @Test
    void theLastAnswerCanBeGivenAnew() {
        assertFalse(conversation.canRegenerate());
        assertThrows(
                IllegalStateException.class, () -> conversation.regenerate(FOUR, ConversationTest::never, more -> {}));
        Answer first = ask("abc");
        Answer again = conversation.regenerate(
                new AnswerSettings(2, Sampling.GREEDY, List.of()), ConversationTest::never, more -> {});
        assertEquals(first.text().substring(0, 2), again.text());
        assertEquals(messages("abc", again.text()), conversation.messages());
        // Its prompt is in the states but for the last token, which is read for its logits.
        assertEquals(again.statistics().promptTokens() - 1, again.statistics().reusedTokens());
        assertFalse(conversation.regenerate(FOUR, () -> true, more -> {}).kept());
        assertEquals(messages("abc", again.text()), conversation.messages());
    }

    @Test
    void theSystemMessageIsSetRemovedAndOutlivesAReset() {
        assertEquals(List.of(), conversation.system());
        conversation.setSystem("s");
        conversation.setSystem("t");
        ask("abc");
        assertEquals(3, conversation.messages().size());
        conversation.reset();
        assertEquals(List.of("t"), conversation.system());
        assertEquals(1, conversation.messages().size());
        conversation.setSystem(null);
        assertEquals(List.of(), conversation.messages());
        assertEquals(0, conversation.tokens());
        conversation.load(messages("abc", "d"));
        assertTrue(conversation.canRegenerate());
        assertEquals(expected(messages("abc", "d", "e"), 4), ask("e").text());
    }

    @Test
    void severalSystemMessagesAreTreatedAlike() {
        List<ChatMessage> loaded = List.of(
                ChatMessage.of("system", "s"),
                ChatMessage.of("user", "abc"),
                ChatMessage.of("system", "t"),
                ChatMessage.of("assistant", "d"));
        conversation.load(loaded);
        assertEquals(List.of("s", "t"), conversation.system());
        conversation.reset();
        assertEquals(List.of(loaded.get(0), loaded.get(2)), conversation.messages());
        conversation.load(loaded);
        conversation.setSystem("u");
        assertEquals(List.of("u"), conversation.system());
        assertEquals(List.of(ChatMessage.of("system", "u"), loaded.get(1), loaded.get(3)), conversation.messages());
        conversation.load(loaded);
        conversation.setSystem(null);
        assertEquals(List.of(loaded.get(1), loaded.get(3)), conversation.messages());
    }

    @Test
    void withoutATemplateItIsChatml() {
        ChatFormat chatml = ChatFormat.of(engine.tokenizerData(), engine.tokenizer());
        assertFalse(chatml.isOwn());
        assertTrue(ChatFormat.own(engine.tokenizerData(), engine.tokenizer()).isEmpty());
        assertEquals(List.of("<|im_end|>"), chatml.stops());
        assertEquals(
                "<|im_start|>user\nabc<|im_end|>\n<|im_start|>assistant\n",
                chatml.render(ChatRequest.of(messages("abc"))).text());
        assertTrue(format.isOwn());
        assertEquals(List.of(), format.stops());
    }
}
