package dev.quern.cli;

import dev.quern.cli.arguments.FreeText;
import dev.quern.cli.arguments.FreeTextMarks;
import dev.quern.cli.habits.UnknownWords;
import dev.quern.cli.ir.IrException;
import dev.quern.cli.store.Reasons;
import dev.quern.cli.store.RefusedFileException;
import dev.quern.cli.store.StoreException;
import dev.quern.cli.terminal.LostOutputException;
import dev.quern.cli.terminal.Visible;
import dev.quern.codegen.lowering.SelectionException;
import dev.quern.gguf.Finding;
import dev.quern.gguf.GgufException;
import dev.quern.ir.text.read.ReadException;
import dev.quern.ir.verify.VerificationException;
import dev.quern.plan.BundleException;
import dev.quern.plan.verify.PlanException;
import dev.quern.runtime.GpuException;
import dev.quern.runtime.NotFiniteException;
import dev.quern.runtime.PromptException;
import dev.quern.text.TokenizerException;
import dev.quern.text.chat.ChatTemplateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells people what went wrong, and the shell with an exit code. */
final class Failures {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    /** What a shell says of a program that the signal for a closed pipe has ended, as it ends most programs. */
    private static final int READER_GONE = 141;

    private final Context context;

    Failures(Context context) {
        this.context = context;
    }

    /** A command line that is not understood. */
    int usage(ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        var words = new UnknownWords(command, Quern.commandLine(context));
        Optional<String> name = unknownCommand(exception);
        Map<String, Optional<String>> options = words.options(List.of(arguments));
        Optional<String> meaning = name.flatMap(words::command);
        boolean isAnswered = name.isPresent()
                ? meaning.isPresent()
                : !options.isEmpty() && options.values().stream().allMatch(Optional::isPresent);
        List<String> lines = new ArrayList<>();
        meaning.ifPresent(lines::add);
        if (!isAnswered) {
            lines.add(name.map(word -> "There is no command '" + word + "'.")
                    .orElseGet(() -> message(exception, arguments)));
        }
        options.values().forEach(answer -> answer.ifPresent(lines::add));
        if (options.isEmpty()) {
            wordsOfText(exception).ifPresent(lines::add);
        }
        error(FreeTextMarks.unmarked(
                String.join("\n", lines.stream().map(Visible::line).toList())));
        if (!isAnswered) {
            UnmatchedArgumentException.printSuggestions(exception, command.getErr());
        }
        context.terminal()
                .err()
                .println("Try '" + command.getCommandSpec().qualifiedName() + " --help' for what it takes.");
        return USAGE;
    }

    /** The message about an option by the name that was typed: the longest is another to who knows a short one. */
    private static String message(ParameterException exception, String[] arguments) {
        String message = message(exception);
        if (!(exception.getArgSpec() instanceof OptionSpec option)) {
            return message;
        }
        return Arrays.stream(arguments)
                .map(argument -> argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument)
                .filter(List.of(option.names())::contains)
                .findFirst()
                .map(typed -> message.replace("option '" + option.longestName() + "'", "option '" + typed + "'"))
                .orElse(message);
    }

    /** The word that stands where a command is expected and is none. */
    private static Optional<String> unknownCommand(ParameterException exception) {
        if (exception.getCommandLine().getParent() == null
                && exception instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().getFirst().startsWith("-")) {
            return Optional.of(unmatched.getUnmatched().getFirst());
        }
        return Optional.empty();
    }

    /** What to say where a command takes a text, and gets its words one by one. */
    private static Optional<String> wordsOfText(ParameterException exception) {
        if (!(exception instanceof UnmatchedArgumentException unmatched)) {
            return Optional.empty();
        }
        return exception.getCommandLine().getCommandSpec().positionalParameters().stream()
                .map(parameter -> parameter.<Object>getValue())
                .filter(FreeText.class::isInstance)
                .findFirst()
                .map(text -> "The text is one argument; blanks in it need quotation marks: \""
                        + ((FreeText) text).text() + " " + String.join(" ", unmatched.getUnmatched()) + "\".");
    }

    /** A command that was understood and failed. */
    int execution(Exception exception, CommandLine command, ParseResult parsed) {
        if (exception instanceof ParameterException usage) {
            return usage(usage, new String[0]);
        }
        if (exception instanceof LostOutputException) {
            // Told once, when the command has ended: it may have been lost then only.
            return FAILED;
        }
        error(describe(exception));
        if (context.debug()) {
            exception.printStackTrace(context.terminal().err());
        }
        return FAILED;
    }

    /** A command whose results nobody gets. Where their reader has seen enough there is nothing to say. */
    int lost(LostOutputException exception) {
        if (exception.readerIsGone()) {
            return READER_GONE;
        }
        error("What was printed is lost, all of it or its end: " + Reasons.of(exception.getCause()) + ".");
        return FAILED;
    }

    /** What an exception says, in the words of the part that threw it. */
    static String describe(Exception exception) {
        return switch (exception) {
            case RefusedFileException e -> findings(Visible.line(e.file()) + " is refused.", e.findings());
            case GgufException e -> findings("The model file is refused.", e.findings());
            case StoreException e -> message(e);
            case BundleException e -> Visible.line(message(e));
            case GpuException e -> message(e);
            case PromptException e -> Visible.line(message(e));
            case NotFiniteException e -> Visible.line(message(e));
            case TokenizerException e -> Visible.line(message(e));
            case ChatTemplateException e -> Visible.line(message(e));
            case SelectionException e -> Visible.line(message(e));
            case IrException e -> message(e);
            case ReadException e -> message(e);
            case VerificationException e -> message(e);
            case PlanException e -> message(e);
            case InvalidPathException e ->
                "'" + Visible.line(e.getInput())
                        + "' cannot be the name of a file here. Where it holds other characters than ASCII, a language"
                        + " must be set that knows them, such as LC_ALL=C.UTF-8.";
            case IllegalArgumentException e -> Visible.line(message(e));
            case IOException e -> Visible.line(Reasons.withFile(e));
            case UncheckedIOException e -> Visible.line(Reasons.withFile(Objects.requireNonNull(e.getCause())));
            default ->
                "This should not have happened: " + exception + ".\nSet QUERN_DEBUG=1 to see where, and report it.";
        };
    }

    private static String message(Exception exception) {
        String message = String.valueOf(exception.getMessage());
        // What picocli says of groups of options begins with the word that stands before every message here.
        return message.startsWith("Error: ") ? message.substring("Error: ".length()) : message;
    }

    private static String findings(String head, List<Finding> findings) {
        StringBuilder text = new StringBuilder(head);
        for (Finding finding : findings) {
            text.append("\n  ").append(Visible.line(finding));
        }
        return text.toString();
    }

    private void error(String message) {
        context.terminal().error(message);
    }
}
