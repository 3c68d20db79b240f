package dev.quern.cli.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quern.cli.chat.LineSource.Read;
import dev.quern.cli.terminal.Input;
import dev.quern.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages of one line and of several. */
class MessageReaderTest {
    private static final Read CTRL_C = new Read.Interrupted(false);

    /** Lines that are known before. */
    private static final class Script implements LineSource {
        final Deque<Read> reads = new ArrayDeque<>();
        final List<String> prompts = new ArrayList<>();
        final List<String> remembered = new ArrayList<>();

        @Override
        public Read read(String prompt) {
            prompts.add(prompt);
            return reads.isEmpty() ? new Read.End() : reads.removeFirst();
        }

        @Override
        public void remember(String message) {
            remembered.add(message);
        }

        @Override
        public void completes(List<String> words) {}

        @Override
        public void onInterrupt(Runnable task) {}

        @Override
        public void close() {}
    }

    private final Script script = new Script();

    private Read read(Object... lines) throws IOException {
        for (Object line : lines) {
            script.reads.add(line instanceof String text ? new Read.Line(text) : (Read) line);
        }
        return new MessageReader(script).read();
    }

    @Test
    void aLineIsAMessage() throws IOException {
        assertEquals(new Read.Line("a \\ \"b\""), read("a \\ \"b\""));
        assertEquals(List.of("> "), script.prompts);
        assertEquals(List.of("a \\ \"b\""), script.remembered);
    }

    @Test
    void aBackslashAtTheEndGoesOn() throws IOException {
        assertEquals(new Read.Line("a\nb\n\nc"), read("a\\", "b\\", "\\", "c"));
        assertEquals(List.of("> ", ". ", ". ", ". "), script.prompts);
        assertEquals(List.of("a\nb\n\nc"), script.remembered);
    }

    @Test
    void threeQuotesHoldLines() throws IOException {
        assertEquals(new Read.Line("a\n\n  b\\"), read("\"\"\"", "a", "", "  b\\", "\"\"\""));
        assertEquals(new Read.Line("a\nb"), read("\"\"\"a", "b\"\"\""));
        assertEquals(new Read.Line("a"), read("  \"\"\"a\"\"\" "));
        assertEquals(new Read.Line(""), read("\"\"\"\"\"\""));
        assertEquals(new Read.Line("\n"), read("\"\"\"", "", "", "\"\"\""));
    }

    @Test
    void whatIsPastedAtOnceIsOneMessage() throws IOException {
        assertEquals(new Read.Line("a\nb"), read("a\nb"));
    }

    @Test
    void ctrlCGivesUpAllLines() throws IOException {
        assertEquals(CTRL_C, read("a\\", CTRL_C));
        assertEquals(CTRL_C, read("\"\"\"", "a", CTRL_C));
        assertEquals(List.of(), script.remembered);
    }

    @Test
    void theEndEndsAMessage() throws IOException {
        assertEquals(new Read.Line("a\n"), read("a\\"));
        assertEquals(new Read.Line("a\nb"), read("\"\"\"a", "b"));
        assertEquals(new Read.End(), read());
    }

    @Test
    void aPipeHasLinesOfAnyKind() throws IOException {
        byte[] bytes = "a\r\n\u00e4\n\nlast".getBytes(StandardCharsets.UTF_8);
        var terminal = new Terminal(System.out, System.err, false, false, false, 80);
        try (var lines = new PlainLines(new Input(new ByteArrayInputStream(bytes), false), terminal)) {
            assertEquals(new Read.Line("a"), lines.read("> "));
            assertEquals(new Read.Line("\u00e4"), lines.read("> "));
            assertEquals(new Read.Line(""), lines.read("> "));
            assertEquals(new Read.Line("last"), lines.read("> "));
            assertEquals(new Read.End(), lines.read("> "));
        }
    }
}
