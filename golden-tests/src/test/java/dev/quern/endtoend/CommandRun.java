package dev.quern.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.cli.Quern;
import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What came of a command that was run in this process, where nobody watches. */
public final class CommandRun {
    private final int code;
    private final byte[] bytes;
    private final String err;

    private CommandRun(int code, byte[] bytes, String err) {
        this.code = code;
        this.bytes = bytes;
        this.err = err;
    }

    /** Runs {@code quern} with something to read on standard input. */
    public static CommandRun of(Map<String, String> environment, byte[] input, List<String> arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                false,
                80);
        int code = Quern.execute(terminal, new Input(new ByteArrayInputStream(input), false), environment, arguments);
        return new CommandRun(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    /** What it ended with. */
    public int code() {
        return code;
    }

    /** What it remarked. */
    public String err() {
        return err;
    }

    /** What it printed; the array belongs to this. */
    public byte[] bytes() {
        return bytes;
    }

    /** What it printed, as text. */
    public String out() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The same run, which must have succeeded. */
    public CommandRun succeeded() {
        assertEquals(0, code, err);
        return this;
    }
}
