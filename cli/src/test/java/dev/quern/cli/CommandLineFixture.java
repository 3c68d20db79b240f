package dev.quern.cli;

import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import picocli.CommandLine;

/**
 * Runs the command in this process, with a cache of its own.
 *
 * @param isTerminal whether a person watches, and sees colours
 */
record CommandLineFixture(Path cache, boolean isTerminal) {

    /** Where nobody watches. */
    CommandLineFixture(Path cache) {
        this(cache, false);
    }

    /** What came of it. */
    record Outcome(int code, String out, String err) {}

    Outcome run(String... arguments) {
        return run(new byte[0], arguments);
    }

    /** Runs it with something to read on standard input. */
    Outcome run(byte[] input, String... arguments) {
        return capture(
                input, context -> Quern.execute(Quern.commandLine(context, List.of(arguments)), List.of(arguments)));
    }

    /** Runs a command that is made for the test. */
    Outcome run(Function<Context, Object> command, String... arguments) {
        return capture(
                new byte[0],
                context -> Quern.execute(
                        Quern.configured(new CommandLine(command.apply(context)), context), List.of(arguments)));
    }

    private Outcome capture(byte[] input, ToIntFunction<Context> body) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                isTerminal,
                isTerminal,
                isTerminal,
                80);
        int code = body.applyAsInt(new Context(
                terminal, new Input(new ByteArrayInputStream(input), false), Map.of("QUERN_CACHE", cache.toString())));
        terminal.out().flush();
        terminal.err().flush();
        return new Outcome(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
