package dev.quern.cli.habits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.Quern;
import dev.quern.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables say nothing twice, and send nobody to what is not there. */
class HabitTablesTest {
    private static final Pattern COMMAND = Pattern.compile("'quern ([a-z-]+)");

    @Test
    void everyNameStandsOnce() {
        for (List<Habit> table : List.of(Habits.COMMANDS, Habits.OPTIONS)) {
            List<String> names =
                    table.stream().flatMap(habit -> habit.names().stream()).toList();
            List<String> twice = new ArrayList<>(names);
            new HashSet<>(names).forEach(twice::remove);
            assertEquals(List.of(), twice);
        }
    }

    @Test
    void everyCommandThatIsNamedIsThere() {
        Set<String> unknown = new TreeSet<>();
        Stream.concat(Habits.COMMANDS.stream(), Habits.OPTIONS.stream())
                .flatMap(habit -> COMMAND.matcher(habit.answer()).results())
                .map(found -> found.group(1))
                .filter(name -> code("help", name) != 0)
                .forEach(unknown::add);
        assertEquals(Set.of(), unknown);
    }

    @Test
    void everyOptionThatIsNamedIsOneOfSomeCommand() {
        Set<String> unknown = new TreeSet<>();
        Habits.OPTIONS.stream()
                .map(Habit::option)
                .filter(option -> !option.isEmpty())
                .filter(option -> Stream.of("run", "compile", "tokenize", "inspect")
                        .noneMatch(command -> help(command).contains(option)))
                .forEach(unknown::add);
        assertEquals(Set.of(), unknown);
    }

    @Test
    void answersAreSentences() {
        Stream.concat(Habits.COMMANDS.stream(), Habits.OPTIONS.stream())
                .forEach(habit -> assertTrue(
                        habit.option().isEmpty()
                                ? habit.answer().matches("(?s)['A-Z].*\\.('\\.)?")
                                : habit.answer().isEmpty(),
                        habit.toString()));
    }

    private static int code(String... arguments) {
        return execute(new ByteArrayOutputStream(), arguments);
    }

    private static String help(String command) {
        var out = new ByteArrayOutputStream();
        execute(out, command, "--help");
        return out.toString(StandardCharsets.UTF_8).replace("--[no-]", "--");
    }

    private static int execute(ByteArrayOutputStream out, String... arguments) {
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return Quern.execute(new Terminal(stream, stream, false, false, false, 120), Map.of(), List.of(arguments));
    }
}
