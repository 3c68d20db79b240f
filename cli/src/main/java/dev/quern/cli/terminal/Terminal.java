package dev.quern.cli.terminal;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;

/**
 * Where the command writes.
 *
 * @param out results, and nothing else
 * @param err progress, remarks and errors
 * @param outIsTerminal whether a person watches {@code out}
 * @param errIsTerminal whether a person watches {@code err}
 * @param color whether escape sequences may be written
 * @param columns width of the terminal
 */
public record Terminal(
        PrintStream out, PrintStream err, boolean outIsTerminal, boolean errIsTerminal, boolean color, int columns) {
    private static final int USUAL_COLUMNS = 80;

    /**
     * The terminal of this process. A JVM cannot ask the system whether a stream is a terminal, so the launcher says so in the property
     * {@code quern.terminal} (a list of {@code in}, {@code out} and {@code err}) and the width in {@code quern.columns}.
     */
    public static Terminal ofProcess(
            PrintStream out, PrintStream err, Properties properties, Map<String, String> environment) {
        String streams = properties.getProperty("quern.terminal", "");
        boolean dumb = "dumb".equals(environment.get("TERM"));
        boolean outIsTerminal = streams.contains("out");
        boolean errIsTerminal = streams.contains("err") && !dumb;
        String noColor = environment.getOrDefault("NO_COLOR", "");
        return new Terminal(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                outIsTerminal,
                errIsTerminal,
                noColor.isEmpty() && !dumb && outIsTerminal && errIsTerminal,
                columns(properties.getProperty("quern.columns", "")));
    }

    /** Progress of a task whose numbers are bytes. */
    public ProgressLine bytes(String title) {
        return new ProgressLine(this, title, ProgressLine.Unit.BYTES);
    }

    /** Progress of a task whose numbers count something. */
    public ProgressLine steps(String title) {
        return new ProgressLine(this, title, ProgressLine.Unit.STEPS);
    }

    private static int columns(String text) {
        try {
            int columns = Integer.parseInt(text);
            return columns >= 20 ? columns : USUAL_COLUMNS;
        } catch (NumberFormatException e) {
            return USUAL_COLUMNS;
        }
    }
}
