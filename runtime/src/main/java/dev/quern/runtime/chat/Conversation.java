package dev.quern.runtime.chat;

import dev.quern.runtime.Generation;
import dev.quern.runtime.GenerationListener;
import dev.quern.runtime.GenerationRequest;
import dev.quern.runtime.Session;
import dev.quern.runtime.StopReason;
import dev.quern.text.chat.ChatMessage;
import dev.quern.text.chat.ChatRequest;
import dev.quern.text.chat.ChatTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with a model: its messages, and asking for the next. Prompts that begin alike are read only from where
 * they differ, so a turn costs its own tokens and no more, as long as nothing is left out.
 *
 * <p>Where the prompt of all messages leaves too little room for an answer, the oldest turns are left out: a message of
 * the user and what follows until the next, since templates want whole ones. The system message and the last turn stay.
 * Half of the context is free then, so that the next turns are cheap again. What is left out once stays out of prompts;
 * it stays in {@link #messages}.
 *
 * <p>Whatever fails leaves the messages as they were.
 */
public final class Conversation {
    private static final String SYSTEM = "system";
    private static final String USER = "user";
    private static final String ASSISTANT = "assistant";

    private final Session session;
    private final ChatFormat format;
    private final int context;
    private final Supplier<ChatTime> clock;
    private final List<ChatMessage> messages = new ArrayList<>();

    /** Messages before this place are left out of prompts, but for those of the system. */
    private int first;

    /**
     * A conversation without messages.
     *
     * @param context how many tokens there is room for
     * @param clock what templates are told that write the date
     */
    public Conversation(Session session, ChatFormat format, int context, Supplier<ChatTime> clock) {
        this.session = session;
        this.format = format;
        this.context = context;
        this.clock = clock;
    }

    /** All messages, those that are left out of prompts included. */
    public List<ChatMessage> messages() {
        return List.copyOf(messages);
    }

    /** How many messages are left out of prompts. */
    public int leftOut() {
        return messages.size() - seen(first).size();
    }

    /** How many tokens there is room for. */
    public int context() {
        return context;
    }

    /** The texts of the messages of the system, in order: one at most, unless several were loaded. */
    public List<String> system() {
        return messages.stream()
                .filter(message -> isOf(message, SYSTEM))
                .map(message -> message.fields().get("content") instanceof String text ? text : "")
                .toList();
    }

    /** Puts one message of the system in place of all that there are, or removes them; the turns stay. */
    public void setSystem(@Nullable String text) {
        int before = (int) messages.subList(0, first).stream()
                .filter(message -> isOf(message, SYSTEM))
                .count();
        messages.removeIf(message -> isOf(message, SYSTEM));
        first -= before;
        if (text != null) {
            messages.addFirst(ChatMessage.of(SYSTEM, text));
            first = first == 0 ? 0 : first + 1;
        }
    }

    /** Forgets all messages but those of the system. */
    public void reset() {
        messages.removeIf(message -> !isOf(message, SYSTEM));
        first = 0;
    }

    /** Takes other messages in place of those that there are. */
    public void load(List<ChatMessage> others) {
        messages.clear();
        messages.addAll(others);
        first = 0;
    }

    /** Whether the last message is an answer, which can be given anew. */
    public boolean canRegenerate() {
        return !messages.isEmpty() && isOf(messages.getLast(), ASSISTANT);
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param interrupted asked between pieces of work whether to end the answer where it is
     * @throws dev.quern.text.chat.ChatTemplateException if the template refuses the conversation
     * @throws dev.quern.runtime.PromptTooLongException if the last turn alone is longer than the context
     */
    public Answer ask(String text, AnswerSettings settings, BooleanSupplier interrupted, GenerationListener listener) {
        List<ChatMessage> asked = new ArrayList<>(messages);
        asked.add(ChatMessage.of(USER, text));
        return answer(asked, settings, interrupted, listener);
    }

    /**
     * Gives the last answer anew; where it is interrupted before its first character, the old one stays. It throws as
     * {@link #ask}.
     *
     * @throws IllegalStateException if the last message is no answer
     */
    public Answer regenerate(AnswerSettings settings, BooleanSupplier interrupted, GenerationListener listener) {
        if (!canRegenerate()) {
            throw new IllegalStateException("the last message is no answer");
        }
        return answer(messages.subList(0, messages.size() - 1), settings, interrupted, listener);
    }

    /**
     * The tokens of the messages that the next prompt will have, as far as they are known.
     *
     * @throws dev.quern.text.chat.ChatTemplateException if the template refuses the conversation
     */
    public int tokens() {
        return messages.isEmpty() ? 0 : prompt(messages, first, false).length;
    }

    private Answer answer(
            List<ChatMessage> asked,
            AnswerSettings settings,
            BooleanSupplier interrupted,
            GenerationListener listener) {
        int before = seen(asked, first).size();
        int start = first;
        int[] prompt = prompt(asked, start, true);
        if (prompt.length > context - Math.min(settings.maxTokens(), context / 4)) {
            int next = turnAfter(asked, start);
            while (next > 0 && prompt.length > context / 2) {
                start = next;
                prompt = prompt(asked, start, true);
                next = turnAfter(asked, start);
            }
        }
        List<String> stops = new ArrayList<>(settings.stops());
        stops.addAll(format.stops());
        var request = new GenerationRequest(
                Arrays.stream(prompt).boxed().toList(), settings.maxTokens(), settings.sampling(), stops);
        Generation generation = session.generate(request, interrupted, listener);
        generation.finish();
        boolean kept = generation.stopReason() != StopReason.INTERRUPTED
                || !generation.text().isEmpty();
        int leftOut = before - seen(asked, start).size();
        if (kept) {
            List<ChatMessage> answered = new ArrayList<>(asked);
            answered.add(ChatMessage.of(ASSISTANT, generation.text()));
            messages.clear();
            messages.addAll(answered);
            first = start;
        }
        return new Answer(
                generation.text(), generation.stopReason(), generation.statistics(), kept ? leftOut : 0, kept);
    }

    private int[] prompt(List<ChatMessage> all, int start, boolean asks) {
        var request =
                ChatRequest.of(seen(all, start)).withGenerationPrompt(asks).withTime(clock.get());
        return format.encode(format.render(request));
    }

    private List<ChatMessage> seen(int start) {
        return seen(messages, start);
    }

    private static List<ChatMessage> seen(List<ChatMessage> all, int start) {
        List<ChatMessage> seen = new ArrayList<>();
        for (int index = 0; index < all.size(); index++) {
            if (index >= start || isOf(all.get(index), SYSTEM)) {
                seen.add(all.get(index));
            }
        }
        return seen;
    }

    /** Where the turn begins that follows the oldest which is seen; 0 if that is the last. */
    private static int turnAfter(List<ChatMessage> all, int start) {
        int oldest = start;
        while (oldest < all.size() && isOf(all.get(oldest), SYSTEM)) {
            oldest++;
        }
        for (int index = oldest + 1; index < all.size(); index++) {
            if (isOf(all.get(index), USER)) {
                return index;
            }
        }
        return 0;
    }

    private static boolean isOf(ChatMessage message, String role) {
        return role.equals(message.fields().get("role"));
    }
}
