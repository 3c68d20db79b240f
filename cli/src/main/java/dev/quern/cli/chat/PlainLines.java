package dev.quern.cli.chat;

import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/** Lines as they come, of a pipe, a file, or a terminal that can do no more than show them. */
final class PlainLines implements LineSource {
    private static final String INTERRUPT = "INT";

    private final Input input;
    private final Terminal terminal;
    private @Nullable Object before;
    private volatile boolean waits;

    PlainLines(Input input, Terminal terminal) {
        this.input = input;
        this.terminal = terminal;
    }

    @Override
    public Read read(String prompt) throws IOException {
        // Before the prompt is there: who sees it may press Ctrl-C at once.
        waits = true;
        if (input.isTerminal()) {
            terminal.out().print(prompt);
            terminal.out().flush();
        }
        var line = new ByteArrayOutputStream();
        int next = input.stream().read();
        if (next < 0) {
            return new Read.End();
        }
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = input.stream().read();
        }
        waits = false;
        String text = line.toString(input.charset());
        return new Read.Line(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    @Override
    public void remember(String message) {
        // Nothing calls it back here.
    }

    @Override
    public void completes(List<String> words) {
        // Nobody asks for it here.
    }

    /** Only where a person types; who ends a pipe means the program. */
    @Override
    public void onInterrupt(Runnable task) {
        if (input.isTerminal()) {
            before = Signals.register(INTERRUPT, () -> {
                if (waits) {
                    terminal.err().println("\n" + ChatScreen.HOW_TO_LEAVE);
                    terminal.err().flush();
                } else {
                    task.run();
                }
            });
        }
    }

    @Override
    public void close() {
        if (before != null) {
            Signals.unregister(INTERRUPT, before);
        }
    }
}
