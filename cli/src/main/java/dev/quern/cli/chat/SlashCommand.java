package dev.quern.cli.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a line asks for that begins with a slash. */
enum SlashCommand {
    SYSTEM("/system", "[TEXT]", "show the system message, or set it; - removes it"),
    RESET("/reset", "", "forget all messages but the system message"),
    SAVE("/save", "FILE", "write the conversation, as JSON in OpenAI's shape"),
    LOAD("/load", "FILE", "go on with a conversation in such a file"),
    CONTEXT("/context", "", "tell how much of the context is in use"),
    REGENERATE("/regenerate", "", "give the last answer anew"),
    HELP("/help", "", "show this"),
    EXIT("/exit", "", "leave; so does Ctrl-D");

    private final String word;
    private final String argument;
    private final String description;

    SlashCommand(String word, String argument, String description) {
        this.word = word;
        this.argument = argument;
        this.description = description;
    }

    /** Whether something may stand behind the word. */
    boolean takesArgument() {
        return !argument.isEmpty();
    }

    /** The command of a word, in any case. */
    static Optional<SlashCommand> of(String word) {
        return Arrays.stream(values())
                .filter(command -> command.word.equals(word.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** All words. */
    static List<String> words() {
        return Arrays.stream(values()).map(command -> command.word).toList();
    }

    /** Lines that tell what there is. */
    static List<String> help() {
        List<String> lines = new ArrayList<>();
        for (SlashCommand command : values()) {
            String usage = (command.word + " " + command.argument).strip();
            lines.add("  " + usage + " ".repeat(Math.max(1, 16 - usage.length())) + command.description);
        }
        lines.add(
                "A line that ends with a backslash goes on in the next; \"\"\" begins and ends a text of several lines.");
        lines.add("Ctrl-C ends an answer. A message that begins with a slash is typed with two.");
        return lines;
    }
}
