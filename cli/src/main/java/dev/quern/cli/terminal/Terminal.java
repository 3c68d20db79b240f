package dev.quern.cli.terminal;

import dev.quern.text.TokenText;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;

/**
 * Where the command writes. Everything that is printed to {@code out} and {@code err} is made {@link Visible} on the
 * way, so that no name out of a file reaches a terminal, or a log, as anything but text. What goes past that are the
 * few methods here: our own bars and colours, and {@link #data}.
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

    public Terminal {
        out = VisibleStream.over(out);
        err = VisibleStream.over(err);
    }

    /**
     * The terminal of this process. A JVM cannot ask the system whether a stream is a terminal, so the launcher says so
     * in the property {@code quern.terminal} (a list of {@code in}, {@code out} and {@code err}) and the width in
     * {@code quern.columns}. A terminal is written to in its own character set, a file or a pipe in UTF-8.
     */
    public static Terminal ofProcess(Properties properties, Map<String, String> environment) {
        return of(ResultStream.ofProcess(), System.err, properties, environment);
    }

    /**
     * The same over other streams.
     *
     * @param out takes results; where they are lost, {@link LostOutputException} ends the command that prints
     * @param err takes all else, as well as it can
     */
    public static Terminal ofProcess(
            OutputStream out, PrintStream err, Properties properties, Map<String, String> environment) {
        return of(ResultStream.over(out), err, properties, environment);
    }

    private static Terminal of(
            ResultStream out, PrintStream err, Properties properties, Map<String, String> environment) {
        String streams = properties.getProperty("quern.terminal", "");
        boolean dumb = "dumb".equals(environment.get("TERM"));
        boolean outIsTerminal = streams.contains("out");
        boolean errIsTerminal = streams.contains("err") && !dumb;
        String noColor = environment.getOrDefault("NO_COLOR", "");
        return new Terminal(
                new VisibleStream(out, false, charset(streams.contains("out"), properties, "stdout.encoding")),
                new VisibleStream(err, true, charset(streams.contains("err"), properties, "stderr.encoding")),
                outIsTerminal,
                errIsTerminal,
                noColor.isEmpty() && !dumb && outIsTerminal && errIsTerminal,
                columns(properties.getProperty("quern.columns", "")));
    }

    /**
     * Prints a text that is data, such as what a model generates: exactly as it is into a file or a pipe, and as any
     * other text where a person watches.
     */
    public void data(String text) {
        if (outIsTerminal) {
            out.print(text);
        } else {
            visible(out).exact(text);
        }
    }

    /** The same for bytes that need not be UTF-8. */
    public void data(byte[] bytes) {
        if (outIsTerminal) {
            out.print(TokenText.decode(bytes));
        } else {
            out.writeBytes(bytes);
        }
    }

    /**
     * Prints a path, alone on a line, as a result: exactly, for the command that is given it, or as text where a person
     * watches.
     */
    public void path(Path path) {
        if (outIsTerminal) {
            out.println(Visible.line(path));
        } else {
            out.writeBytes((path + System.lineSeparator()).getBytes(ofPaths()));
        }
        out.flush();
    }

    /** Prints an error, of one or several lines. */
    public void error(String message) {
        if (color) {
            visible(err).exact("\u001b[1;31merror:\u001b[0m ");
        } else {
            err.print("error: ");
        }
        err.println(message);
    }

    /** Prints over the line that the cursor is in, on a terminal. */
    void redraw(String line) {
        VisibleStream stream = visible(err);
        stream.exact("\r");
        stream.print(line);
        stream.exact("\u001b[K");
        stream.flush();
    }

    /** A writer on {@code out} for texts of our own that may be coloured, such as usage help. */
    public PrintWriter styled() {
        return writer(visible(out)::exact, out);
    }

    /** A writer on {@code err}. */
    public PrintWriter remarks() {
        return writer(err::print, err);
    }

    private static PrintWriter writer(Consumer<String> target, PrintStream stream) {
        return new PrintWriter(
                new Writer() {
                    @Override
                    public void write(char[] characters, int start, int length) throws IOException {
                        telling(() -> target.accept(String.valueOf(characters, start, length)));
                    }

                    @Override
                    public void flush() throws IOException {
                        telling(stream::flush);
                    }

                    @Override
                    public void close() throws IOException {
                        flush();
                    }
                },
                true);
    }

    /** Loses output as writers do; the stream keeps that in mind. */
    private static void telling(Runnable writing) throws IOException {
        try {
            writing.run();
        } catch (LostOutputException e) {
            throw e.getCause();
        }
    }

    /** Progress of a task whose numbers are bytes. */
    public ProgressLine bytes(String title) {
        return new ProgressLine(this, title, ProgressLine.Unit.BYTES);
    }

    /** Progress of a task whose numbers count something. */
    public ProgressLine steps(String title) {
        return new ProgressLine(this, title, ProgressLine.Unit.STEPS);
    }

    /**
     * The character set of one of the process's streams: of the terminal if it is one, else UTF-8. Where the
     * environment names no language that works Java says ASCII, and a terminal shows UTF-8 nevertheless.
     */
    static Charset charset(boolean isTerminal, Properties properties, String property) {
        String name = properties.getProperty(property, "");
        if (!isTerminal || !Charset.isSupported(name.isEmpty() ? "UTF-8" : name) || name.isEmpty()) {
            return StandardCharsets.UTF_8;
        }
        Charset charset = Charset.forName(name);
        return charset.equals(StandardCharsets.US_ASCII) || !charset.canEncode() ? StandardCharsets.UTF_8 : charset;
    }

    /** What Java takes the bytes of paths for. */
    private static Charset ofPaths() {
        return charset(true, System.getProperties(), "sun.jnu.encoding");
    }

    private static VisibleStream visible(PrintStream stream) {
        return (VisibleStream) stream;
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
