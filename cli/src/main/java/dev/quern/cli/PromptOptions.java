package dev.quern.cli;

import dev.quern.cli.arguments.FreeText;
import dev.quern.cli.tokens.TextSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where a prompt comes from: the command line, a file or standard input. */
class PromptOptions {
    @Option(
            names = {"-p", "--prompt"},
            required = true,
            paramLabel = "TEXT",
            converter = FreeText.Converter.class,
            description = "The prompt, whatever it looks like; - for standard input.")
    private @Nullable FreeText prompt;

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "A file with the prompt, in UTF-8; - for standard input. A byte-order mark at its beginning"
                    + " and one line end at its end are left out.")
    private @Nullable Path file;

    /** Whether one of these options was given. */
    boolean isGiven() {
        return prompt != null || file != null;
    }

    /** The prompt that these options give, or none. */
    Optional<TextSource> text(Context context) throws IOException {
        if (file != null) {
            return Optional.of(
                    file.toString().equals(TextSource.STANDARD_INPUT)
                            ? standardInput(context)
                            : TextSource.file(file).trimmed());
        }
        if (prompt == null) {
            return Optional.empty();
        }
        return Optional.of(text(context, prompt));
    }

    /** The prompt that an argument gives: itself, or standard input. */
    static TextSource text(Context context, FreeText argument) throws IOException {
        return argument.isStandardInput() ? standardInput(context) : TextSource.argument(argument.bytes());
    }

    /**
     * The prompt that these options give; where they give none, what standard input holds, unless a person would have
     * to type it.
     *
     * @throws ParameterException if there is none
     */
    TextSource required(Context context, CommandSpec command) throws IOException {
        Optional<TextSource> given = text(context);
        if (given.isPresent()) {
            return given.get();
        }
        if (context.input().isTerminal()) {
            throw new ParameterException(
                    command.commandLine(),
                    "There is no prompt. Give it with -p TEXT, with -f FILE or on standard input.");
        }
        TextSource text = standardInput(context);
        if (text.bytes().length == 0) {
            throw new ParameterException(
                    command.commandLine(),
                    "There is no prompt: nothing comes from standard input. Give it there, with -p TEXT or with -f FILE.");
        }
        return text;
    }

    private static TextSource standardInput(Context context) throws IOException {
        return TextSource.standardInput("the prompt", context.input(), context.terminal())
                .trimmed();
    }
}
