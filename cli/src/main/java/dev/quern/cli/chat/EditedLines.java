package dev.quern.cli.chat;

import dev.quern.cli.terminal.Input;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.history.DefaultHistory;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Lines that a person edits, with those of before at the arrow keys. They are kept as long as the program runs. */
final class EditedLines implements LineSource {
    private final Terminal terminal;
    private final LineReader reader;
    private final Messages history = new Messages();
    private List<String> words = List.of();

    /** Whole messages: not each of their lines, and nothing that was given up. */
    private static final class Messages extends DefaultHistory {
        @Override
        public void add(Instant time, String line) {
            // The editor calls this for every line.
        }

        void remember(String message) {
            super.add(Instant.EPOCH, message);
        }
    }

    private EditedLines(Terminal terminal) {
        this.terminal = terminal;
        keepWhatIsTypedAhead(terminal);
        // A message is a text: no quote, backslash or exclamation mark in it means anything to the editor.
        var parser = new DefaultParser().quoteChars(new char[0]).escapeChars(new char[0]);
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("quern")
                .parser(parser)
                .completer((ignored, line, candidates) -> complete(line.line(), candidates))
                .history(history)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, MessageReader.MORE)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, false)
                .option(LineReader.Option.AUTO_FRESH_LINE, false)
                .build();
        // The editor takes Ctrl-C as a signal and then as a key too, which would interrupt the next message.
        reader.getWidgets().put(LineReader.INTERRUPT, () -> true);
    }

    /**
     * What is typed during an answer is read after it, Ctrl-D too: a terminal that reads by the line would take that
     * key for the end of what nobody reads yet, and give a byte of nothing in its place.
     */
    private static void keepWhatIsTypedAhead(Terminal terminal) {
        terminal.enterRawMode();
        Attributes attributes = terminal.getAttributes();
        // Ctrl-C still is a signal, which ends an answer.
        attributes.setLocalFlag(LocalFlag.ISIG, true);
        terminal.setAttributes(attributes);
    }

    /**
     * An editor on the terminal of this process.
     *
     * @throws IOException if it is none that can be edited on
     */
    static EditedLines open(Input input) throws IOException {
        // Terminals are not asked what they can do beyond their description: some answer late, into the first message.
        System.setProperty(TerminalBuilder.PROP_PROBE_TIMEOUT, "0");
        try {
            return new EditedLines(TerminalBuilder.builder()
                    .system(true)
                    .dumb(false)
                    .jni(false)
                    .nativeSignals(true)
                    .graphemeCluster(false)
                    .encoding(input.charset())
                    .build());
        } catch (IllegalStateException e) {
            throw new IOException(e);
        }
    }

    @Override
    public Read read(String prompt) {
        try {
            return new Read.Line(reader.readLine(prompt));
        } catch (UserInterruptException e) {
            return new Read.Interrupted(
                    e.getPartialLine() == null || e.getPartialLine().isEmpty());
        } catch (EndOfFileException e) {
            return new Read.End();
        } finally {
            // A signal that came as the line ended leaves its mark, which is for nobody.
            Thread.interrupted();
        }
    }

    @Override
    public void remember(String message) {
        history.remember(message);
    }

    @Override
    public void completes(List<String> all) {
        words = List.copyOf(all);
    }

    private void complete(String line, List<Candidate> candidates) {
        if (line.startsWith("/") && line.indexOf(' ') < 0) {
            words.forEach(word -> candidates.add(new Candidate(word)));
        }
    }

    @Override
    public void onInterrupt(Runnable task) {
        terminal.handle(Terminal.Signal.INT, signal -> task.run());
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
