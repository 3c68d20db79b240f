package dev.quern.cli.chat;

import dev.quern.cli.chat.LineSource.Read;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.terminal.Interrupt;
import dev.quern.cli.terminal.Terminal;
import dev.quern.cli.terminal.Visible;
import dev.quern.runtime.NotFiniteException;
import dev.quern.runtime.PromptException;
import dev.quern.runtime.chat.Answer;
import dev.quern.runtime.chat.AnswerSettings;
import dev.quern.runtime.chat.Conversation;
import dev.quern.text.chat.ChatTemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A conversation in the terminal: messages and commands come as lines, answers go to the output. */
final class ChatScreen {
    /** What to say to somebody who presses Ctrl-C while nothing runs. */
    static final String HOW_TO_LEAVE = "Ctrl-D or /exit leaves.";

    private final Terminal terminal;
    private final LineSource lines;
    private final Conversation conversation;
    private final AnswerSettings settings;
    private final Function<Answer, String> figures;
    private final AtomicBoolean stop = new AtomicBoolean();

    /** How many answers were begun: each draws with a seed of its own, so that one given anew is another. */
    private int begun;

    /** Files that may be replaced: what they hold came from here or is here, or somebody has said so. */
    private final Set<Path> ours = new HashSet<>();

    private @Nullable Answer last;

    /**
     * A screen.
     *
     * @param figures what to tell of an answer; empty for nothing
     */
    ChatScreen(
            Terminal terminal,
            LineSource lines,
            Conversation conversation,
            AnswerSettings settings,
            Function<Answer, String> figures) {
        this.terminal = terminal;
        this.lines = lines;
        this.conversation = conversation;
        this.settings = settings;
        this.figures = figures;
    }

    /** Until somebody leaves, or what is read ends. */
    void run() throws IOException {
        lines.completes(SlashCommand.words());
        lines.onInterrupt(() -> stop.set(true));
        var messages = new MessageReader(lines);
        while (true) {
            switch (messages.read()) {
                case Read.End ignored -> {
                    return;
                }
                case Read.Interrupted interrupted -> {
                    if (interrupted.wasEmpty()) {
                        say(HOW_TO_LEAVE);
                    }
                }
                case Read.Line line -> {
                    if (!handle(line.text())) {
                        return;
                    }
                }
            }
        }
    }

    /** Does what a message asks for; false to leave. */
    private boolean handle(String message) {
        if (message.isBlank()) {
            return true;
        }
        if (!message.startsWith("/")) {
            ask(message);
            return true;
        }
        if (message.startsWith("//")) {
            ask(message.substring(1));
            return true;
        }
        int end = 0;
        while (end < message.length() && !Character.isWhitespace(message.charAt(end))) {
            end++;
        }
        String word = message.substring(0, end);
        String argument = message.substring(end).strip();
        SlashCommand command = SlashCommand.of(word).orElse(null);
        if (command == null) {
            say("There is no command " + Visible.line(word)
                    + "; /help lists them. A message that begins with a slash is" + " typed with two.");
            return true;
        }
        if (!command.takesArgument() && !argument.isEmpty()) {
            say(Visible.line(word) + " takes nothing behind it, and '" + Visible.line(argument) + "' is there.");
            return true;
        }
        switch (command) {
            case SYSTEM -> system(argument);
            case RESET -> {
                conversation.reset();
                last = null;
                say("All messages are forgotten"
                        + switch (conversation.system().size()) {
                            case 0 -> ".";
                            case 1 -> ", but the system message.";
                            default -> ", but the " + conversation.system().size() + " system messages.";
                        });
            }
            case SAVE -> save(argument);
            case LOAD -> load(argument);
            case CONTEXT -> context();
            case REGENERATE -> regenerate();
            case HELP -> SlashCommand.help().forEach(this::say);
            case EXIT -> {
                return false;
            }
        }
        return true;
    }

    private void ask(String message) {
        answer(interrupted -> conversation.ask(message, next(), interrupted, this::show));
    }

    private void regenerate() {
        if (!conversation.canRegenerate()) {
            say("There is no answer to give anew.");
            return;
        }
        if (settings.sampling().isGreedy()) {
            say("The likeliest tokens are taken, so the answer will be the same; --temperature draws others.");
        }
        answer(interrupted -> conversation.regenerate(next(), interrupted, this::show));
    }

    /** Each answer draws with a seed of its own. */
    private AnswerSettings next() {
        long seed = settings.sampling().seed() + begun++;
        return new AnswerSettings(settings.maxTokens(), settings.sampling().withSeed(seed), settings.stops());
    }

    private void answer(Function<BooleanSupplier, Answer> work) {
        stop.set(false);
        try (Interrupt interrupt = Interrupt.listen()) {
            Answer answer;
            try {
                answer = work.apply(() -> stop.get() || interrupt.requested());
            } finally {
                terminal.out().println();
                terminal.out().flush();
            }
            last = answer;
            remark(answer);
        } catch (PromptException | ChatTemplateException | NotFiniteException e) {
            terminal.error(Visible.line(String.valueOf(e.getMessage())));
        }
    }

    private void remark(Answer answer) {
        if (answer.leftOut() > 0) {
            say("The context was full: the oldest " + messages(answer.leftOut())
                    + (answer.leftOut() == 1 ? " is" : " are") + " left out from here on.");
        }
        switch (answer.reason()) {
            case END_OF_TEXT, STOP_STRING -> {}
            case MAX_TOKENS -> say("The answer was cut after " + settings.maxTokens() + " tokens; -n sets how many.");
            case CONTEXT_FULL ->
                say("The context is full, so the answer ends here. The next message goes on without the"
                        + " oldest turns.");
            case INTERRUPTED -> say(answer.kept() ? "Ended." : "Ended before it began; the message is not kept.");
        }
        String line = figures.apply(answer);
        if (!line.isEmpty()) {
            say(line);
        }
    }

    private void system(String argument) {
        List<String> texts = conversation.system();
        if (argument.isEmpty()) {
            if (texts.size() > 1) {
                say("There are " + texts.size() + " system messages:");
            }
            texts.forEach(this::say);
            if (texts.isEmpty()) {
                say("There is no system message; the template may have one of its own.");
            }
            return;
        }
        String instead = texts.size() > 1 ? ", in place of all " + texts.size() + "." : ".";
        if (argument.equals("-")) {
            conversation.setSystem(null);
            say(
                    switch (texts.size()) {
                        case 0 -> "There is no system message to remove.";
                        case 1 -> "The system message is removed.";
                        default -> "All " + texts.size() + " system messages are removed.";
                    });
        } else {
            conversation.setSystem(argument);
            say("The system message is set" + instead);
        }
    }

    private void save(String argument) {
        if (argument.isEmpty()) {
            say("Name a file: /save chat.json");
            return;
        }
        try {
            Path file = path(argument);
            if (Files.isRegularFile(file) && !ours.contains(file)) {
                ours.add(file);
                say(Visible.line(file) + " is there already. The same command once more replaces it.");
                return;
            }
            save(file);
        } catch (StoreException | IllegalArgumentException e) {
            terminal.error(String.valueOf(e.getMessage()));
        }
    }

    private void save(Path file) {
        try {
            TranscriptFile.save(file, conversation.messages());
            ours.add(file);
            say(messages(conversation.messages().size()) + " saved in " + Visible.line(file) + ".");
        } catch (IOException e) {
            terminal.error(TranscriptFile.problem(file, e));
        }
    }

    private void load(String argument) {
        if (argument.isEmpty()) {
            say("Name a file: /load chat.json");
            return;
        }
        try {
            Path file = path(argument);
            conversation.load(TranscriptFile.load(file));
            ours.add(file);
            last = null;
            say(messages(conversation.messages().size()) + " loaded.");
        } catch (IllegalArgumentException e) {
            terminal.error(Visible.line(String.valueOf(e.getMessage())));
        }
    }

    private void context() {
        try {
            say(conversation.tokens() + " of " + conversation.context() + " positions are in use, by "
                    + messages(conversation.messages().size() - conversation.leftOut())
                    + (conversation.leftOut() == 0
                            ? "."
                            : "; " + messages(conversation.leftOut()) + " left out, the oldest."));
        } catch (ChatTemplateException e) {
            say("How many of the " + conversation.context() + " positions are in use is known after the next answer.");
        }
        Answer answer = last;
        if (answer != null) {
            int prompt = answer.statistics().promptTokens();
            int reused = answer.statistics().reusedTokens();
            say("Of the last prompt's " + prompt + " tokens " + reused + " were kept from before, and "
                    + (prompt - reused) + " read.");
        }
    }

    private void show(String more) {
        terminal.data(more);
        terminal.out().flush();
    }

    private static String messages(int count) {
        return count + (count == 1 ? " message" : " messages");
    }

    private static Path path(String argument) {
        return argument.startsWith("~/")
                ? Path.of(System.getProperty("user.home", ""), argument.substring(2))
                : Path.of(argument);
    }

    private void say(String remark) {
        terminal.err().println(remark);
        terminal.err().flush();
    }
}
