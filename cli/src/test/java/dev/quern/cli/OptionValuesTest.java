package dev.quern.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Terminal;
import dev.quern.plan.bundle.SamplingAdvice;
import dev.quern.runtime.SamplingChoice;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** What options take is said by us and in words for people, and decided while the command line is read. */
class OptionValuesTest {
    @Command
    private static final class Choosing {
        @Mixin
        private final SamplingOptions options = new SamplingOptions();
    }

    @Test
    void noOptionSpeaksOfTypes() {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        var context = new Context(new Terminal(nowhere, nowhere, false, false, false, 80), Input.EMPTY, Map.of());
        int refused = 0;
        CommandLine quern = Quern.commandLine(context);
        for (CommandLine command : quern.getSubcommands().values()) {
            for (OptionSpec option : command.getCommandSpec().options()) {
                Class<?> type = option.typeInfo().isMultiValue()
                        ? option.auxiliaryTypes()[0]
                        : option.typeInfo().getType();
                if (type == String.class || type == Path.class) {
                    continue;
                }
                String line = option.longestName() + "=\u00a7";
                String message = "";
                try {
                    quern.parseArgs(command.getCommandName(), line);
                } catch (ParameterException e) {
                    message = String.valueOf(e.getMessage());
                }
                refused += message.contains("Invalid value") ? 1 : 0;
                assertFalse(
                        message.matches(
                                "(?s).*(is not an? (int|long|float|double|boolean)|expected one of|cannot convert).*"),
                        command.getCommandName() + " " + message);
            }
        }
        assertTrue(refused > 50, refused + " options refuse such a value");
    }

    /** Otherwise a model is loaded for an option that is wrong. */
    @ParameterizedTest
    @CsvSource({
        "--temperature, 0, 100",
        "--top-k, 0, 2147483647",
        "--top-p, 1e-45, 1",
        "--min-p, 0, 1",
        "--repeat-penalty, 0.01, 100",
        "--repeat-last-n, -1, 2147483647",
        "--seed, -9223372036854775808, 9223372036854775807"
    })
    void whatAnOptionTakesTheSamplerTakes(String option, String least, String most) {
        for (String value : List.of(least, most)) {
            SamplingChoice choice = choice(option, value);
            assertTrue(choice.forText(1).temperature() >= 0);
            assertTrue(choice.forChat(SamplingAdvice.NONE, 1).temperature() >= 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--temperature", "--top-k", "--top-p", "--min-p", "--repeat-penalty", "--repeat-last-n"})
    void whatTheSamplerWouldRefuseTheOptionRefuses(String option) {
        for (String value : List.of("-2", "-1e30", "1e40", "NaN", "Infinity", "-99999999999999999999999")) {
            assertThrows(ParameterException.class, () -> choice(option, value), value);
        }
    }

    private static SamplingChoice choice(String option, String value) {
        var choosing = new Choosing();
        assertEquals(
                List.of(), new CommandLine(choosing).parseArgs(option, value).unmatched());
        return choosing.options.choice();
    }
}
