package dev.quern.cli.habits;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;

/** Answers words that a command does not know with what they mean here, where that is known. */
public final class UnknownWords {
    /** How files begin to look like models. */
    private static final List<String> MODEL_SUFFIXES = List.of(".gguf", ".quern");

    private final CommandLine command;
    private final CommandLine root;

    /**
     * @param command the command that was given the words
     * @param root the command line with all commands
     */
    public UnknownWords(CommandLine command, CommandLine root) {
        this.command = command;
        this.root = root;
    }

    /**
     * What to say of a name that is no command; empty where nothing is known of it.
     *
     * @param name as it was given
     */
    public Optional<String> command(String name) {
        String word = name.toLowerCase(Locale.ROOT);
        if (root.getSubcommands().containsKey(word)) {
            return Optional.of("There is no command '" + name + "'; it is spelled '" + word + "'.");
        }
        if (MODEL_SUFFIXES.stream().anyMatch(word::endsWith)) {
            return Optional.of(
                    "There is no command '" + name + "'. Name one before the model, such as 'quern run " + name + "'.");
        }
        return Habits.command(word).map(habit -> "There is no command '" + name + "'. " + habit.answer());
    }

    /**
     * What to say of the options that the command does not know, each once.
     *
     * @param arguments of the whole command line; free texts among them bear their marks
     * @return the options in their order, those of which nothing is known with an empty answer
     */
    public Map<String, Optional<String>> options(List<String> arguments) {
        Map<String, Optional<String>> answers = new LinkedHashMap<>();
        unknownOptions(arguments).forEach(name -> answers.put(name, option(name)));
        return answers;
    }

    private Set<String> unknownOptions(List<String> arguments) {
        Set<String> unknown = new LinkedHashSet<>();
        for (String argument : arguments) {
            if (argument.equals("--")) {
                break;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (isSpelledLikeAnOption(name) && !knows(command, name)) {
                unknown.add(name);
            }
        }
        return unknown;
    }

    private static boolean isSpelledLikeAnOption(String name) {
        return name.length() > 1
                && name.charAt(0) == '-'
                && name.chars().skip(1).anyMatch(Character::isLetter)
                && !Character.isDigit(name.charAt(1));
    }

    private Optional<String> option(String name) {
        String missing = "There is no option " + name;
        String spelled = "--" + name.replaceFirst("^-+", "").replace('_', '-').toLowerCase(Locale.ROOT);
        if (!spelled.equals(name) && spelled.length() > 3 && knows(command, spelled)) {
            return Optional.of(missing + "; here it is spelled " + spelled + ".");
        }
        Optional<Habit> habit = Habits.option(name).or(() -> Habits.option(spelled));
        if (habit.isPresent() && !habit.get().answer().isEmpty()) {
            return Optional.of(missing + ". " + habit.get().answer());
        }
        String here = habit.map(Habit::option).orElse(name);
        if (knows(command, here)) {
            return Optional.of(missing + "; here it is " + here + ".");
        }
        List<String> others = commandsWith(here);
        if (others.isEmpty()) {
            return Optional.empty();
        }
        String called = here.equals(name) ? " it is an option of " : " it is called " + here + " and an option of ";
        return Optional.of("'" + command.getCommandSpec().qualifiedName() + "' has no option " + name + ";" + called
                + joined(others) + ".");
    }

    private static boolean knows(CommandLine command, String name) {
        return command.getCommandSpec().optionsMap().containsKey(name)
                || command.getCommandSpec().negatedOptionsMap().containsKey(name);
    }

    private List<String> commandsWith(String name) {
        return root.getSubcommands().entrySet().stream()
                .filter(entry ->
                        !entry.getValue().getCommandSpec().usageMessage().hidden())
                .filter(entry -> knows(entry.getValue(), name))
                .map(entry -> "'quern " + entry.getKey() + "'")
                .toList();
    }

    private static String joined(List<String> words) {
        return words.size() == 1
                ? words.getFirst()
                : String.join(", ", words.subList(0, words.size() - 1)) + " and " + words.getLast();
    }
}
