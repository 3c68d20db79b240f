package dev.quern.cli.arguments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Marks arguments that are free text before the command line is parsed, so that the parser takes none of them for an
 * option. The mark is a NUL in front, which no argument of a process can hold; {@link FreeText}'s converters take it
 * away.
 *
 * <p>What follows an option for free text is marked, whatever it is: {@code -p --help}. Where a command takes free text
 * as a parameter, an argument is marked that begins with a dash and cannot be meant as an option, since no option is
 * spelled so: {@code "-5 degrees"}. Anything else that looks like an option goes after {@code --}.
 */
public final class FreeTextMarks {
    private static final String MARK = "\0";

    private FreeTextMarks() {}

    /** The arguments of a command line with its free texts marked. */
    public static List<String> marked(CommandLine commandLine, List<String> arguments) {
        CommandLine command = commandLine;
        List<String> marked = new ArrayList<>();
        for (int at = 0; at < arguments.size(); at++) {
            String argument = arguments.get(at);
            CommandLine subcommand = command.getSubcommands().get(argument);
            if (subcommand != null) {
                command = subcommand;
                marked.add(argument);
                continue;
            }
            CommandSpec spec = command.getCommandSpec();
            if (argument.equals(spec.parser().endOfOptionsDelimiter())) {
                marked.addAll(arguments.subList(at, arguments.size()));
                break;
            }
            int equals = argument.indexOf('=');
            if (equals > 0 && optionsOfText(spec).contains(argument.substring(0, equals))) {
                marked.add(argument.substring(0, equals + 1) + MARK + argument.substring(equals + 1));
            } else if (optionsOfText(spec).contains(argument)) {
                marked.add(argument);
                if (at + 1 < arguments.size()) {
                    at++;
                    marked.add(MARK + arguments.get(at));
                }
            } else if (takesValue(spec, argument) && at + 1 < arguments.size()) {
                // What follows is the option's, a negative number for example.
                marked.add(argument);
                at++;
                marked.add(arguments.get(at));
            } else {
                marked.add(takesText(spec) && !isSpelledLikeAnOption(argument) ? MARK + argument : argument);
            }
        }
        return marked;
    }

    /** An argument, or a message that has one in it, without marks. */
    public static String unmarked(String text) {
        return text.replace(MARK, "");
    }

    private static Set<String> optionsOfText(CommandSpec spec) {
        return spec.options().stream()
                .filter(FreeTextMarks::isText)
                .flatMap(option -> Arrays.stream(option.names()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean takesValue(CommandSpec spec, String name) {
        OptionSpec option = spec.findOption(name);
        return name.startsWith("-") && option != null && option.arity().min() > 0;
    }

    private static boolean takesText(CommandSpec spec) {
        return spec.positionalParameters().stream().anyMatch(FreeTextMarks::isText);
    }

    private static boolean isText(ArgSpec argument) {
        Class<?> type =
                Collection.class.isAssignableFrom(argument.type()) ? argument.auxiliaryTypes()[0] : argument.type();
        return type == FreeText.class;
    }

    /** Whether an argument is an option of any command, known or misspelled, or begins with no dash. */
    private static boolean isSpelledLikeAnOption(String argument) {
        if (!argument.startsWith("-")) {
            return true;
        }
        int start = argument.startsWith("--") ? 2 : 1;
        int equals = argument.indexOf('=');
        String name = argument.substring(start, equals < 0 ? argument.length() : Math.max(start, equals));
        return !name.isEmpty() && name.chars().allMatch(FreeTextMarks::isOfName) && isLetter(name.charAt(0));
    }

    private static boolean isOfName(int unit) {
        return unit == '-' || unit == '_' || (unit >= '0' && unit <= '9') || isLetter(unit);
    }

    private static boolean isLetter(int unit) {
        return (unit >= 'a' && unit <= 'z') || (unit >= 'A' && unit <= 'Z');
    }
}
