package dev.quern.cli.chat;

import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Terminal;
import dev.quern.runtime.chat.Answer;
import dev.quern.runtime.chat.AnswerSettings;
import dev.quern.runtime.chat.Conversation;
import java.io.IOException;
import java.util.function.Function;

/** Runs conversations in whatever terminal there is. */
public final class ChatLoop {
    private ChatLoop() {}

    /**
     * Runs a conversation until its end.
     *
     * @param editable whether the terminal can show more than lines
     * @param greeting said first, where a person types
     * @param figures what to tell of an answer; empty for nothing
     */
    public static void run(
            Terminal terminal,
            Input input,
            boolean editable,
            String greeting,
            Conversation conversation,
            AnswerSettings settings,
            Function<Answer, String> figures)
            throws IOException {
        if (input.isTerminal()) {
            terminal.err().println(greeting);
            terminal.err().flush();
        }
        try (LineSource lines = lines(terminal, input, editable)) {
            new ChatScreen(terminal, lines, conversation, settings, figures).run();
        }
        if (input.isTerminal()) {
            terminal.out().println();
            terminal.out().flush();
        }
    }

    private static LineSource lines(Terminal terminal, Input input, boolean editable) {
        if (editable && input.isTerminal() && terminal.outIsTerminal()) {
            try {
                return EditedLines.open(input);
            } catch (IOException e) {
                // A terminal on which nothing can be edited still has lines.
                return new PlainLines(input, terminal);
            }
        }
        return new PlainLines(input, terminal);
    }
}
